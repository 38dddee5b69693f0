#include "link_keeper.h"

#include "link_target.h"

#include <sallyport/jose/jws.h>

#include <QRandomGenerator>

#include <algorithm>
#include <chrono>
#include <utility>

namespace sallyport::agent {

namespace {

using std::chrono::milliseconds;

// How often links that are being drained are looked at: they go when their last stream has.
constexpr milliseconds SweepInterval(500);

AgentFailure failureOf(const wire::Refusal& refusal)
{
    AgentFailure failure{AgentFailure::Kind::Refused, refusal.code, refusal.message,
                         problemCodeOfRefusal(refusal.code)};
    switch (refusal.known().value_or(wire::RefusalCode::Internal)) {
    case wire::RefusalCode::BadCredentials:
    case wire::RefusalCode::Expired:
    case wire::RefusalCode::Revoked:
    case wire::RefusalCode::NonceRequired:
    case wire::RefusalCode::UnsupportedAuth:
        failure.kind = AgentFailure::Kind::Credentials;
        break;
    case wire::RefusalCode::TakenOver:
        failure.kind = AgentFailure::Kind::TakenOver;
        break;
    default:
        break;
    }
    return failure;
}

wire::Auth authOf(const Secret& token)
{
    wire::Auth auth;
    auth.scheme = jose::looksLikeJwt(token.reveal()) ? "jwt" : "token";
    auth.token = token;
    return auth;
}

} // namespace

LinkKeeper::LinkKeeper(net::IoContext& io, const AgentOptions& options, LinkKeeperOwner& owner)
    : m_io(io),
      m_options(options),
      m_owner(owner),
      m_backoff(options.reconnectMin, options.reconnectMax),
      m_retry(io.deadlines(), [this] { connect(); }),
      m_sweep(io.deadlines(), [this] { sweepDraining(); })
{}

LinkKeeper::~LinkKeeper()
{
    // No calls to an owner that is going too.
    if (m_link)
        m_link->close("the agent stops");
    for (Draining& old : m_draining)
        old.link->close("the agent stops");
}

void LinkKeeper::start()
{
    m_backoff = Backoff(m_options.reconnectMin, m_options.reconnectMax);
    m_failedTries = 0;
    m_problem = {};
    connect();
}

void LinkKeeper::stop()
{
    dropLinks();
    setState(LinkState::Stopped);
}

void LinkKeeper::dropLinks()
{
    m_question.reset();
    m_answering = false;
    m_retry.clear();
    m_nextTry.reset();
    retire(std::move(m_link));
    while (!m_draining.empty()) {
        auto old = std::move(m_draining.back().link);
        m_draining.pop_back();
        retire(std::move(old));
    }
}

void LinkKeeper::retryNow()
{
    if (m_state != LinkState::Waiting)
        return;
    m_backoff.reset();
    connect();
}

void LinkKeeper::networkCame()
{
    const TimePoint now = m_io.now();
    if (m_state != LinkState::Waiting || now < m_lastHurry + RetryNowInterval)
        return;
    m_lastHurry = now;
    retryNow();
}

std::optional<Duration> LinkKeeper::roundTrip() const
{
    return current() ? m_link->link().roundTrip() : std::nullopt;
}

void LinkKeeper::connect()
{
    m_retry.clear();
    m_nextTry.reset();
    setState(LinkState::Connecting);
    m_answering = false;
    if (!m_options.identity.empty())
        return dialWith({});
    askToken({}, [this](Result<Secret, Problem> token) {
        if (!token)
            return waitAndRetry(token.error());
        dialWith(std::move(*token));
    });
}

void LinkKeeper::askToken(TokenQuestion what, std::function<void(Result<Secret, Problem>)> then)
{
    m_question = std::make_shared<int>();
    if (!m_options.token)
        return then(Secret());
    for (const auto& [ref, tunnel] : m_options.tunnels) {
        if (tunnel.config.name)
            what.names.push_back(*tunnel.config.name);
        if (tunnel.config.hostname)
            what.hostnames.push_back(*tunnel.config.hostname);
        if (tunnel.config.remotePort)
            what.tcpPorts.push_back(*tunnel.config.remotePort);
    }
    const std::weak_ptr<int> question = m_question;
    m_options.token(what, [question, then = std::move(then)](Result<Secret, Problem> token) {
        if (!question.expired())
            then(std::move(token));
    });
}

void LinkKeeper::dialWith(Secret token)
{
    auto target = makeLinkTarget(m_options);
    if (!target) {
        if (target.error().canHeal)
            return waitAndRetry(Problem(target.error().text));
        return giveUp({target.error().isIdentity ? AgentFailure::Kind::Credentials
                                                 : AgentFailure::Kind::Options,
                       {},
                       target.error().text});
    }
    if (m_lastWay)
        preferWay(*target, *m_lastWay);
    wire::Hello hello = m_owner.makeHello();
    if (m_options.identity.empty())
        hello.auth = authOf(token);
    else
        hello.auth.scheme = "mtls";
    m_link = std::make_unique<RelayLink>(m_io, std::move(*target), std::move(hello),
                                         static_cast<RelayLinkOwner&>(*this));
    m_link->start();
}

void LinkKeeper::linkWelcomed(RelayLink& link, const wire::Welcome& welcome)
{
    m_upSince = m_io.now();
    m_everUp = true;
    m_lastWay = link.way();
    m_problem = {};
    m_session = welcome.session;
    setState(LinkState::Connected);
    m_owner.keeperWelcomed(link, welcome);
}

void LinkKeeper::linkMessage(RelayLink& link, const wire::AgentControl::Event& event)
{
    if (&link != m_link.get())
        return;
    if (const auto* message = std::get_if<wire::Drain>(&event))
        drain(link, *message);
    else if (const auto* challenge = std::get_if<wire::Challenge>(&event))
        answerChallenge(link, *challenge);
    else
        m_owner.keeperMessage(link, event);
}

void LinkKeeper::linkStream(RelayLink& link, mux::StreamId id)
{
    m_owner.keeperStream(link, id);
}

void LinkKeeper::linkRoundTrip(RelayLink& link, Duration time)
{
    if (&link == m_link.get() && m_state == LinkState::Connected)
        m_owner.keeperRoundTrip(time);
}

void LinkKeeper::linkEnded(RelayLink& link, const LinkEnd& end)
{
    if (&link != m_link.get()) {
        // A drained link has gone, for whatever reason: its successor is what counts.
        sweepDraining();
        return;
    }
    retire(std::move(m_link));
    const bool wasUp = m_state == LinkState::Connected;
    if (wasUp) {
        if (m_io.now() - *m_upSince >= m_options.stableAfter) {
            m_backoff.reset();
            m_failedTries = 0;
        }
        m_session.clear();
        m_owner.keeperLinkLost();
    }
    switch (end.kind) {
    case LinkEnd::Kind::Refused:
        // The same token can't succeed; the source may have another one by then.
        if (m_options.tokenRenews && end.refusal && end.refusal->is(wire::RefusalCode::Expired))
            break;
        if (end.refusal && !end.refusal->retry)
            return giveUp(failureOf(*end.refusal));
        break;
    case LinkEnd::Kind::Untrusted:
        // On the first contact it is a mistake that a person has to mend. Later it is more likely a
        // network that shows a page of its own first, and that passes. So does a clock that is
        // wrong: it is set soon after the computer starts.
        if (!m_everUp && end.problem.code != ProblemCode::CertificateTime)
            return giveUp({AgentFailure::Kind::Untrusted, {}, end.problem.text, end.problem.code});
        break;
    case LinkEnd::Kind::Unreachable:
    case LinkEnd::Kind::Lost:
        break;
    }
    waitAndRetry(end.problem);
}

void LinkKeeper::waitAndRetry(const Problem& problem)
{
    m_problem = problem;
    ++m_failedTries;
    const Duration wait = m_backoff.next(QRandomGenerator::global()->generate());
    m_nextTry = m_io.now() + wait;
    m_retry.set(*m_nextTry);
    setState(LinkState::Waiting);
}

void LinkKeeper::giveUp(AgentFailure failure)
{
    m_problem = {failure.problem, failure.text};
    for (Draining& old : m_draining)
        old.until = m_io.now();
    sweepDraining();
    setState(LinkState::Refused);
    m_owner.keeperFailed(failure);
}

// The old link's streams may end in peace while the new link takes the new ones.
void LinkKeeper::drain(RelayLink&, const wire::Drain& message)
{
    if (m_draining.size() == MaxDraining) {
        auto oldest = std::move(m_draining.front().link);
        m_draining.erase(m_draining.begin());
        retire(std::move(oldest));
    }
    m_draining.push_back({std::move(m_link), m_io.now() + milliseconds(message.deadlineMs)});
    m_sweep.set(m_io.now() + SweepInterval);
    m_session.clear();
    m_owner.keeperLinkLost();
    // A relay that drains every link as soon as it is up must not make a fast loop.
    const bool often = m_lastDrain && m_io.now() - *m_lastDrain < m_options.stableAfter;
    m_lastDrain = m_io.now();
    if (often)
        return waitAndRetry({ProblemCode::RelayStopping, "the relay drains its links"});
    connect();
}

// Also before the welcome: then the link is not up yet.
void LinkKeeper::answerChallenge(RelayLink& link, const wire::Challenge& challenge)
{
    // A relay that asks again and again does not make the source work again and again.
    if (m_answering)
        return;
    m_answering = true;
    TokenQuestion what;
    what.stage = link.isWelcomed() ? TokenQuestion::Stage::Reauth : TokenQuestion::Stage::Handshake;
    what.nonce = challenge.nonce;
    askToken(std::move(what), [this, asked = &link](Result<Secret, Problem> token) {
        m_answering = false;
        if (m_link.get() != asked)
            return;
        if (token)
            return m_link->send(wire::Reauth{authOf(*token)});
        if (m_link->isWelcomed())
            return m_owner.keeperRemark("no fresh token for the relay: " + token.error().text);
        retire(std::move(m_link));
        waitAndRetry(token.error());
    });
}

void LinkKeeper::sweepDraining()
{
    const TimePoint now = m_io.now();
    for (size_t i = 0; i < m_draining.size();) {
        Draining& old = m_draining[i];
        if (now < old.until && old.link->dataStreams() > 0) {
            ++i;
            continue;
        }
        auto link = std::move(old.link);
        m_draining.erase(m_draining.begin() + static_cast<std::ptrdiff_t>(i));
        retire(std::move(link));
    }
    if (!m_draining.empty())
        m_sweep.set(now + SweepInterval);
}

void LinkKeeper::retire(std::unique_ptr<RelayLink> link)
{
    if (!link)
        return;
    link->close("the agent closes the link");
    m_io.retire(std::move(link));
}

void LinkKeeper::setState(LinkState state)
{
    if (state == m_state && state != LinkState::Waiting)
        return;
    m_state = state;
    m_owner.keeperStateChanged();
}

} // namespace sallyport::agent
