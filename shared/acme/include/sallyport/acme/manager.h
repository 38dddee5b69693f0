// Keeps certificates for a changing set of names: obtains what is missing, renews what grows old,
// waits after failures. A state machine like Client, which it drives.
//
//     manager.want({"app.example.com", {"app.example.com"}, stored...}, now);
//     for (;;) {
//         while (auto request = manager.takeRequest(now)) send(*request);
//         while (auto event = manager.nextEvent()) act(*event);
//         wait for an answer, or until manager.nextDeadline(now)
//     }
//
// Rules: at most `concurrent` orders at once, names without a certificate first, then in turn. A
// failure is tried again after 2 minutes, doubling to 6 hours, and never before the CA's
// Retry-After; a refusal that stays one waits the longest at once. Renewal is at two thirds of the
// lifetime, or within the window that the CA suggests (RFC 9773); however wrong a clock or a window
// is, never sooner after an issue than a third of the lifetime, or a day if the CA wants it so.
//
// Threads: one.
#pragma once

#include <sallyport/acme/client.h>
#include <sallyport/base/backoff.h>
#include <sallyport/tls/keys.h>

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sallyport::acme {

struct ManagerConfig
{
    ClientConfig client;
    std::vector<ChallengeType> challenges;
    KeyType keyType = KeyType::EcP256;
    size_t certificates = 10'000; // wanted at once, and kept
    size_t concurrent = 4;
    Duration firstRetry = std::chrono::minutes(2);
    Duration longestRetry = std::chrono::hours(6);
    // How often renewal information is asked for, unless the CA says.
    Duration renewalPoll = std::chrono::hours(6);
};

// An order of an earlier run that did not end.
struct UnfinishedOrder
{
    std::string url;
    Secret keyPem;
};

struct Wanted
{
    std::string id; // names it for the caller
    std::vector<std::string> names;
    std::optional<tls::KeyPair> stored; // of an earlier run; looked at, may be too old
    std::optional<UnfinishedOrder> order;
};

enum class CertificateState {
    Pending, // none yet: queued or being issued
    Ready,
    Failed, // none, and the last try failed; tried again later
};

struct CertificateStatus
{
    std::string id;
    std::vector<std::string> names;
    CertificateState state = CertificateState::Pending;
    bool issuing = false;    // now; with Ready: being renewed
    tls::SystemTime since{}; // Pending: wanted since
    std::optional<tls::SystemTime> notAfter;
    std::optional<tls::SystemTime> next; // renewal, or the next try
    std::string error;                   // of the last try, until one succeeds
    unsigned failures = 0;
};

// --- events ---
struct PresentChallenge
{
    OrderId order;
    size_t index;
    Challenge challenge;
};
struct CleanUpChallenge
{
    Challenge challenge;
};
// To be stored until ForgetOrder: the way back after a restart in the middle.
struct StoreOrder
{
    std::string id;
    UnfinishedOrder order;
};
struct ForgetOrder
{
    std::string id;
};
struct CertificateReady
{
    std::string id;
    std::vector<std::string> names;
    tls::KeyPair keys;
    bool fresh = false; // issued now, to be stored
    bool renewed = false;
    tls::SystemTime notAfter{};
};
struct CertificateFailed
{
    std::string id;
    std::vector<std::string> names;
    Problem problem;
    Duration retryIn;
};
// It was kept while nobody wanted it, and makes room.
struct CertificateDropped
{
    std::string id;
};
using ManagerEvent =
    std::variant<AccountReady, PresentChallenge, CleanUpChallenge, StoreOrder, ForgetOrder,
                 CertificateReady, CertificateFailed, CertificateDropped>;

class Manager
{
public:
    // `random` gives uniformly distributed numbers.
    Manager(ManagerConfig config, AccountKey key, std::function<uint32_t()> random);

    // --- inputs ---
    void receive(uint64_t requestId, const Response& response, Now now);
    void requestFailed(uint64_t requestId, const std::string& reason, Now now);
    void handleTimeout(Now now);

    // --- commands ---
    // False when as many as allowed are wanted. Wanting again is fine.
    bool want(Wanted wanted, Now now);
    // No longer renewed; what there is stays until room is needed.
    void unwant(const std::string& id);
    bool wants(const std::string& id) const;
    // Known, wanted or kept.
    bool knows(const std::string& id) const { return m_entries.contains(id); }
    void presented(const PresentChallenge& present, Now now);
    void presentFailed(const PresentChallenge& present, const std::string& reason, Now now);
    // Another try now, also for what is not due. Nothing when it is under way.
    void renewNow(const std::string& id, Now now);

    // --- outputs ---
    std::optional<Request> takeRequest(Now now);
    std::optional<ManagerEvent> nextEvent();
    std::optional<TimePoint> nextDeadline(Now now) const;
    std::vector<CertificateStatus> statuses(Now now) const;
    // Grows whenever statuses() would tell something new.
    uint64_t version() const { return m_version; }

private:
    struct Entry
    {
        std::vector<std::string> names;
        bool wanted = true;
        tls::SystemTime since{};
        std::optional<tls::KeyPair> keys;
        std::optional<tls::SystemTime> notAfter;
        std::string ariId;
        tls::SystemTime renewAt{};
        tls::SystemTime earliestRenewal{}; // whatever the CA suggests
        TimePoint renewalPollAt{};
        bool renewalAsked = false;
        std::optional<OrderId> order;
        Secret orderKey;
        std::optional<UnfinishedOrder> unfinished;
        std::optional<TimePoint> retryAt; // set: the last try failed
        Backoff backoff{std::chrono::minutes(2), std::chrono::hours(6)};
        unsigned failures = 0;
        std::string error;
        uint64_t tag = 0; // for renewal information
    };
    using Entries = std::map<std::string, Entry>;

    void pump(Now now);
    void startDue(Now now);
    bool isDue(const Entry& entry, Now now) const;
    void start(const std::string& id, Entry& entry, Now now);
    void install(const std::string& id, Entry& entry, tls::KeyPair keys, bool fresh, Now now);
    void take(Event event, Now now);
    void failed(const std::string& id, Entry& entry, const Problem& problem, Now now);
    void takeRenewal(const RenewalInfo& info, Now now);
    void askRenewals(Now now);
    void makeRoom();
    Entries::iterator ofOrder(OrderId order);
    CertificateStatus statusOf(const std::string& id, const Entry& entry, Now now) const;

    ManagerConfig m_config;
    Client m_client;
    std::function<uint32_t()> m_random;
    Entries m_entries;
    size_t m_wanted = 0;
    size_t m_running = 0;
    std::deque<ManagerEvent> m_events;
    uint64_t m_nextTag = 1;
    uint64_t m_version = 1;
};

} // namespace sallyport::acme
