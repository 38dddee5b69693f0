// A worker's doorkeeper: asks the chain of filters of a tunnel whether a request may go on, and
// holds what filters remember between requests.
//
//     const VisitVerdict verdict = gatekeeper.decide(*route.policy, head, peer, trusted, now,
//     *this);
//
// The one place where visitors of every protocol meet the chain. Bounded: proven and refuted
// credentials 4,096 each, attempts of 10,000 addresses, and those who wait for a verdict share the
// limit on pending requests.
//
// Threads: its worker's; answers of the password checker are posted there.
#pragma once

#include "shared_state.h"
#include "visitors/filters/attempt_throttle.h"
#include "visitors/filters/filter_services.h"
#include "visitors/filters/visit_policy.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace sallyport::relay {

class Gatekeeper final : private FilterServices
{
public:
    static constexpr Duration ProvenFor = std::chrono::minutes(5);
    static constexpr Duration RefutedFor = std::chrono::seconds(30);
    static constexpr size_t TagLimit = 4096;

    // Runs the task with this gatekeeper on its worker's thread, while that runs. From any thread.
    using Post = std::function<void(std::function<void(Gatekeeper&)>)>;
    Gatekeeper(SharedState& shared, Post post, std::function<TimePoint()> now);

    // With Wait, `waiter` hears verdictReady() unless forget() comes first. The head may be
    // changed; a path that was replaced lives until the next call.
    VisitVerdict decide(const VisitPolicy& policy, http::RequestHead& head,
                        const net::Address& peer, bool trustedPeer, VerdictWaiter& waiter);
    // The waiter is gone, or waits no longer.
    void forget(VerdictWaiter& waiter);

    size_t waitingCount() const { return m_waiters.size(); }

private:
    // Of one credential: everybody who showed it meanwhile.
    struct Pending
    {
        std::vector<VerdictWaiter*> waiters;
        std::shared_ptr<const VisitPolicy> policy;
        std::string attempt; // key of the throttle
        std::string visitor;
        std::string host;
    };

    // FilterServices
    CredentialTag tagOf(const VisitPolicy& policy, std::string_view kind,
                        std::string_view credential) override;
    Known known(const CredentialTag& tag, TimePoint now) override;
    std::optional<Duration> blockedFor(const Visit& visit) override;
    bool startCheck(Visit& visit, const CredentialTag& tag, PasswordCheck check) override;
    void settle(const Visit& visit, const CredentialTag& tag, bool right) override;

    void checked(const CredentialTag& tag, bool right);
    void noteRefusal(const VisitPolicy& policy, const std::string& visitor,
                     std::string_view host) const;

    SharedState& m_shared;
    Post m_post;
    std::function<TimePoint()> m_now;
    CredentialTagger m_tagger;
    RecentTags m_proven{ProvenFor, TagLimit};
    RecentTags m_refuted{RefutedFor, TagLimit};
    AttemptThrottle m_throttle;
    std::unordered_map<CredentialTag, Pending, CredentialTagHash> m_pending;
    struct Waiting
    {
        CredentialTag tag;
        Counted count;
    };
    std::unordered_map<VerdictWaiter*, Waiting> m_waiters;
    std::string m_newPath;
};

} // namespace sallyport::relay
