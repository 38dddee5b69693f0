// Who is at the other end of a link, from the hello to the end: shows credentials to the verifier
// of their scheme, challenges the agent, and asks again when a standing link's credential has to be
// renewed.
//
// Order of calls: show() with the hello's credential; proved() or refused() follows. Afterwards
// show() with each `reauth`, and stop() when the link ends. All waits are bounded: for the agent by
// limits.handshake_timeout (before the welcome) or the credential's grace, for a verdict by
// VerdictTimeout.
//
// Threads: the link's worker. The owner may end the link in its calls, not destroy this.
#pragma once

#include "control_port.h"
#include "identity/verifier.h"
#include "links/reauth_schedule.h"
#include "shared_state.h"

#include <sallyport/net/deadline.h>
#include <sallyport/net/io_context.h>

#include <optional>
#include <string>

namespace sallyport::relay {

class LinkAuthenticationOwner
{
public:
    virtual std::optional<tls::Certificate> shownCertificate() = 0;
    virtual std::string peerAddress() = 0;
    virtual void sendChallenge(const wire::Challenge& challenge) = 0;
    // `renewed`: on the standing link.
    virtual void proved(auth::Grant grant, bool renewed) = 0;
    // Ends the link.
    virtual void refused(const wire::Refusal& refusal) = 0;
    // For the agent's log; the link goes on.
    virtual void remark(const std::string& text) = 0;

protected:
    ~LinkAuthenticationOwner() = default;
};

class LinkAuthentication
{
public:
    // A remote verifier has 10 s at most, fetching keys 8 s and perhaps 5 s of waiting before.
    static constexpr Duration VerdictTimeout = std::chrono::seconds(20);
    // Fresh credentials that nobody asked for are looked at this often.
    static constexpr Duration UnaskedInterval = std::chrono::seconds(1);

    LinkAuthentication(net::IoContext& io, SharedState& shared, ControlPort& control, LinkRef ref,
                       LinkAuthenticationOwner& owner);

    void show(wire::Auth auth);
    // From the control thread.
    void judged(Verdict verdict);
    void stop();
    // Of the credential shown last.
    const std::string& scheme() const { return m_scheme; }

private:
    void challenge(bool mandatory);
    void granted(auth::Grant grant);
    void refused(const wire::Refusal& refusal);
    void overdue();
    void arm();

    net::IoContext& m_io;
    SharedState& m_shared;
    ControlPort& m_control;
    LinkRef m_ref;
    LinkAuthenticationOwner& m_owner;
    net::Deadline m_deadline;
    ReauthSchedule m_schedule; // of a standing link
    std::string m_scheme;
    std::string m_nonce; // of the challenge that is out
    // Waiting for the agent or for a verdict before the welcome, or for a verdict after it.
    std::optional<TimePoint> m_patience;
    TimePoint m_nextUnasked{};
    bool m_judging = false;
    bool m_standing = false;
    bool m_stopped = false;
};

} // namespace sallyport::relay
