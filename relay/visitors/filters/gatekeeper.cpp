#include "visitors/filters/gatekeeper.h"

#include "visitors/filters/visitor_address.h"

#include <algorithm>
#include <utility>

namespace sallyport::relay {

namespace {

std::string textOf(const std::optional<config::IpAddress>& visitor)
{
    return visitor ? visitor->text() : "unknown";
}

// Whose attempts are counted together: an IPv4 address, or an IPv6 network as one household has it;
// for each policy, so that tenants do not feel each other's visitors.
std::string attemptKey(const Visit& visit)
{
    std::string key = visit.policy.fingerprint();
    if (visit.visitor) {
        const auto& bytes = visit.visitor->bytes();
        key.append(reinterpret_cast<const char*>(bytes.data()), visit.visitor->isV6() ? 8 : 4);
    }
    return key;
}

} // namespace

Gatekeeper::Gatekeeper(SharedState& shared, Post post, std::function<TimePoint()> now)
    : m_shared(shared), m_post(std::move(post)), m_now(std::move(now))
{}

VisitVerdict Gatekeeper::decide(const VisitPolicy& policy, http::RequestHead& head,
                                const net::Address& peer, bool trustedPeer, VerdictWaiter& waiter)
{
    const auto visitor = visitorAddress(peer, trustedPeer, head, m_shared.config.trustedProxies);
    Visit visit{head, visitor, m_now(), policy, waiter, m_newPath};
    for (const auto& filter : policy.filters())
        if (VisitVerdict verdict = filter->apply(visit, *this);
            verdict.kind != VisitVerdict::Kind::Pass)
            return verdict;
    return VisitVerdict::pass();
}

void Gatekeeper::forget(VerdictWaiter& waiter)
{
    const auto found = m_waiters.find(&waiter);
    if (found == m_waiters.end())
        return;
    if (const auto pending = m_pending.find(found->second.tag); pending != m_pending.end())
        std::erase(pending->second.waiters, &waiter);
    m_waiters.erase(found);
}

// --- what filters ask ---

CredentialTag Gatekeeper::tagOf(const VisitPolicy& policy, std::string_view kind,
                                std::string_view credential)
{
    return m_tagger.tag({policy.fingerprint(), kind, credential});
}

FilterServices::Known Gatekeeper::known(const CredentialTag& tag, TimePoint now)
{
    if (m_proven.contains(tag, now))
        return Known::Right;
    if (m_pending.contains(tag))
        return Known::Pending;
    return m_refuted.contains(tag, now) ? Known::Wrong : Known::No;
}

std::optional<Duration> Gatekeeper::blockedFor(const Visit& visit)
{
    return m_throttle.blockedFor(attemptKey(visit), visit.now);
}

bool Gatekeeper::startCheck(Visit& visit, const CredentialTag& tag, PasswordCheck check)
{
    if (m_shared.waiting.value() >= int64_t(m_shared.config.limits.pendingRequests))
        return false;
    if (!m_pending.contains(tag)) {
        PasswordChecker::Job job;
        job.policy = visit.policy.fingerprint();
        job.hash = std::move(check.hash);
        job.password = std::move(check.password);
        job.refuseAnyway = check.unknownUser;
        job.done = [post = m_post, tag](bool right) {
            post([tag, right](Gatekeeper& gatekeeper) { gatekeeper.checked(tag, right); });
        };
        if (!m_shared.passwords.submit(std::move(job)))
            return false;
        Pending pending;
        pending.policy = visit.policy.shared_from_this();
        pending.attempt = attemptKey(visit);
        pending.visitor = textOf(visit.visitor);
        pending.host = std::string(visit.head.host.view());
        m_throttle.begun(pending.attempt, visit.now);
        m_pending.emplace(tag, std::move(pending));
    }
    m_pending.at(tag).waiters.push_back(&visit.waiter);
    m_waiters[&visit.waiter] = {tag, Counted(m_shared.waiting)};
    return true;
}

void Gatekeeper::settle(const Visit& visit, const CredentialTag& tag, bool right)
{
    if (right)
        return m_proven.add(tag, visit.now);
    m_throttle.begun(attemptKey(visit), visit.now);
    m_refuted.add(tag, visit.now);
    noteRefusal(visit.policy, textOf(visit.visitor), visit.head.host.view());
}

// --- from the password checker ---

void Gatekeeper::checked(const CredentialTag& tag, bool right)
{
    const auto found = m_pending.find(tag);
    if (found == m_pending.end())
        return;
    const Pending pending = std::move(found->second);
    m_pending.erase(found);
    if (right) {
        m_throttle.succeeded(pending.attempt);
        m_proven.add(tag, m_now());
    } else {
        m_refuted.add(tag, m_now());
        noteRefusal(*pending.policy, pending.visitor, pending.host);
    }
    // One that is told may be the end of another.
    for (VerdictWaiter* waiter : pending.waiters)
        if (m_waiters.erase(waiter) > 0)
            waiter->verdictReady();
}

void Gatekeeper::noteRefusal(const VisitPolicy& policy, const std::string& visitor,
                             std::string_view host) const
{
    m_shared.audit.recordRefusal(AuditEvent::VisitorRefused, visitor,
                                 {{"tenant", policy.tenant()},
                                  {"tunnel", policy.tunnel()},
                                  {"host", host},
                                  {"visitor", visitor},
                                  {"code", "credentials-wrong"}});
}

} // namespace sallyport::relay
