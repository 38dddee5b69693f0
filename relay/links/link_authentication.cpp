#include "links/link_authentication.h"

#include <sallyport/wire/base64.h>

#include <QRandomGenerator>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace sallyport::relay {

using wire::Refusal;
using wire::RefusalCode;

namespace {

// Long enough never to come twice, and not to be guessed.
std::string freshNonce()
{
    std::array<quint32, 8> random;
    QRandomGenerator::system()->generate(random.begin(), random.end());
    return wire::toBase64Url(std::as_bytes(std::span(random)));
}

// Refusals that say nothing about the credential.
bool isNobodysFault(const Refusal& refusal)
{
    return refusal.is(RefusalCode::AuthUnavailable) || refusal.is(RefusalCode::Internal);
}

} // namespace

LinkAuthentication::LinkAuthentication(net::IoContext& io, SharedState& shared,
                                       ControlPort& control, LinkRef ref,
                                       LinkAuthenticationOwner& owner)
    : m_io(io),
      m_shared(shared),
      m_control(control),
      m_ref(ref),
      m_owner(owner),
      m_deadline(io.deadlines(), [this] { overdue(); })
{}

void LinkAuthentication::show(wire::Auth auth)
{
    if (m_judging)
        return m_owner.remark("a credential is being looked at already; this one is not");
    if (m_standing && m_nonce.empty()) {
        if (m_io.now() < m_nextUnasked)
            return m_owner.remark("credentials come too often; this one is not looked at");
        m_nextUnasked = m_io.now() + UnaskedInterval;
    }
    m_scheme = auth.scheme;
    m_judging = true;
    m_patience.reset();
    m_schedule.answered();
    const Verifier* verifier = m_shared.verifiers.forScheme(auth.scheme);
    if (!verifier)
        return judged(Refusal(RefusalCode::UnsupportedAuth, auth.scheme));
    Proof proof{std::move(auth), m_owner.peerAddress(), m_owner.shownCertificate(),
                std::exchange(m_nonce, {})};
    Verdict verdict = verifier->verify(proof, auth::timestampNow());
    if (!std::holds_alternative<LaterKnown>(verdict))
        return judged(std::move(verdict));
    m_patience = m_io.now() + VerdictTimeout;
    arm();
    m_control.verifyLater(m_ref, std::move(proof));
}

void LinkAuthentication::judged(Verdict verdict)
{
    if (m_stopped || !m_judging)
        return;
    m_judging = false;
    m_patience.reset();
    if (std::holds_alternative<NonceWanted>(verdict))
        challenge(true);
    else if (auto* grant = std::get_if<auth::Grant>(&verdict))
        granted(std::move(*grant));
    else
        refused(std::get<Refusal>(verdict));
    arm();
}

void LinkAuthentication::challenge(bool mandatory)
{
    m_nonce = freshNonce();
    if (m_standing)
        m_schedule.challenged(m_io.now(), mandatory);
    else
        m_patience = m_io.now() + m_shared.config.limits.handshakeTimeout;
    m_owner.sendChallenge(wire::Challenge{m_scheme, m_nonce});
}

void LinkAuthentication::granted(auth::Grant grant)
{
    // Tokens and certificates are looked at again where they are kept (Registry::recheck()).
    if (grant.source() == auth::Source::Jwt) {
        std::optional<Duration> over;
        if (grant.expires())
            over = std::max<Duration>(Duration::zero(), *grant.expires() -
                                                            std::chrono::system_clock::now() +
                                                            m_shared.config.auth.jwt.skew);
        m_schedule.granted(grant.terms(), over, m_io.now(),
                           QRandomGenerator::global()->generateDouble());
    }
    m_owner.proved(std::move(grant), std::exchange(m_standing, true));
}

void LinkAuthentication::refused(const Refusal& refusal)
{
    const bool maySpare = m_standing && isNobodysFault(refusal);
    if (maySpare && m_schedule.deferred(m_io.now(), m_shared.config.auth.jwt.maintenanceGrace))
        return m_owner.remark(refusal.message + "; the link goes on for now");
    stop();
    m_owner.refused(refusal);
}

void LinkAuthentication::overdue()
{
    const TimePoint now = m_io.now();
    if (m_patience && now >= *m_patience) {
        m_patience.reset();
        if (m_judging)
            judged(Refusal(RefusalCode::AuthUnavailable, "no verdict came in time"));
        else
            refused(Refusal(RefusalCode::ReauthTimeout));
    } else {
        switch (m_schedule.due(now)) {
        case ReauthSchedule::Due::Challenge:
            challenge(m_schedule.isMandatory());
            break;
        case ReauthSchedule::Due::Overdue:
            refused(Refusal(RefusalCode::ReauthTimeout));
            break;
        case ReauthSchedule::Due::Over:
            refused(Refusal(RefusalCode::Expired));
            break;
        case ReauthSchedule::Due::Nothing:
            break;
        }
    }
    arm();
}

void LinkAuthentication::arm()
{
    if (m_stopped)
        return;
    std::optional<TimePoint> next = m_schedule.nextDeadline();
    if (m_patience && (!next || *m_patience < *next))
        next = m_patience;
    m_deadline.set(next);
}

void LinkAuthentication::stop()
{
    m_stopped = true;
    m_schedule.stop();
    m_deadline.clear();
}

} // namespace sallyport::relay
