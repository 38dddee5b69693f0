#include "relay_link.h"

#include "link_target.h"

#include <algorithm>
#include <utility>

namespace sallyport::agent {

namespace {

// Whether another way may get through where this one did not. A key that is not the pinned one is
// final; a certificate that no authority vouches for is not: the relay may show another on its
// port for visitors, and that is verified just the same.
bool isWorthAnotherWay(net::DialError::Kind kind, bool pinned)
{
    using enum net::DialError::Kind;
    return kind == Unreachable || kind == Refused || kind == Protocol ||
           (kind == Untrusted && !pinned);
}

ProblemCode codeOf(const net::DialError& error)
{
    switch (error.tls) {
    case tls::ErrorCode::PinMismatch:
        return ProblemCode::PinMismatch;
    case tls::ErrorCode::CertificateExpired:
    case tls::ErrorCode::CertificateNotYetValid:
        return ProblemCode::CertificateTime;
    case tls::ErrorCode::NameMismatch:
        return ProblemCode::CertificateName;
    case tls::ErrorCode::CertificateRefused:
        return ProblemCode::TokenUnknown;
    default:
        break;
    }
    switch (error.kind) {
    case net::DialError::Kind::UnknownHost:
        return ProblemCode::UnknownHost;
    case net::DialError::Kind::Refused:
        return ProblemCode::ConnectionRefused;
    case net::DialError::Kind::Proxy:
        return ProblemCode::ProxyRefused;
    case net::DialError::Kind::Untrusted:
        return ProblemCode::CertificateUntrusted;
    case net::DialError::Kind::Protocol:
        return ProblemCode::NotARelay;
    case net::DialError::Kind::Unreachable:
        break;
    }
    return ProblemCode::Unreachable;
}

Problem problemOf(const net::DialError& error)
{
    return {codeOf(error), error.text};
}

Problem problemOf(const wire::Refusal& refusal)
{
    return {problemCodeOfRefusal(refusal.code), refusal.message};
}

} // namespace

RelayLink::RelayLink(net::IoContext& io, LinkTarget target, wire::Hello hello,
                     RelayLinkOwner& owner)
    : m_io(io), m_target(std::move(target)), m_hello(std::move(hello)), m_owner(owner)
{}

RelayLink::~RelayLink()
{
    m_ended = true;
    // The control stream first: it would say good-bye on a link that is half gone.
    m_control.reset();
    m_link.reset();
}

void RelayLink::start()
{
    dial();
}

void RelayLink::dial()
{
    m_dialers.push_back(std::make_unique<net::Dialer>(m_io, dialTargetOf(m_target, way()),
                                                      static_cast<net::DialOwner&>(*this)));
    m_dialing = true;
    m_dialers.back()->start();
}

void RelayLink::dialFailed(const net::DialError& error)
{
    m_dialing = false;
    if (m_ended)
        return;
    // What is wrong at the configured port is what a person can mend; what some server at another
    // port is or shows says nothing about the relay.
    if (!m_error || (way().port == m_target.port && error.kind == net::DialError::Kind::Untrusted))
        m_error = error;
    const bool goOn = isWorthAnotherWay(error.kind, m_target.pinned && way().port == m_target.port);
    while (goOn && ++m_way < m_target.ways.size()) {
        // WebSocket where TLS found nobody at all finds nobody either.
        const LinkTarget::Way& before = m_target.ways[m_way - 1];
        if (way().port != before.port || error.kind == net::DialError::Kind::Protocol ||
            error.kind == net::DialError::Kind::Untrusted)
            return dial();
    }
    m_way = std::min(m_way, m_target.ways.size() - 1);
    const bool untrusted = m_error->kind == net::DialError::Kind::Untrusted;
    end({untrusted ? LinkEnd::Kind::Untrusted : LinkEnd::Kind::Unreachable, problemOf(*m_error),
         std::nullopt});
}

void RelayLink::dialed(std::unique_ptr<net::Channel> channel, ByteView early)
{
    m_dialing = false;
    if (m_ended)
        return;
    mux::Config config;
    config.pingInterval = m_target.ping;
    m_link = std::make_unique<net::Link>(m_io, std::move(channel), mux::Role::Client, config,
                                         static_cast<net::LinkOwner&>(*this));
    m_control = std::make_unique<ControlStream>(m_io, std::move(m_hello),
                                                static_cast<ControlOwner&>(*this));
    if (!m_link->open(*m_control))
        return end({LinkEnd::Kind::Unreachable,
                    {ProblemCode::Unreachable, "the link took no control stream"},
                    std::nullopt});
    m_control->start();
    m_link->start(early);
}

void RelayLink::linkStreamOpened(mux::StreamId id)
{
    if (m_ended)
        return m_link->refuse(id);
    m_owner.linkStream(*this, id);
}

void RelayLink::linkRoundTrip(Duration roundTrip)
{
    if (!m_ended)
        m_owner.linkRoundTrip(*this, roundTrip);
}

// The relay's `drain` message says the same and more.
void RelayLink::linkGoingAway() {}

void RelayLink::linkClosed(const std::string& reason)
{
    endBy(reason);
}

void RelayLink::endBy(const std::string& reason)
{
    if (m_welcomed)
        end({LinkEnd::Kind::Lost, {ProblemCode::LinkLost, reason}, std::nullopt});
    else
        end({LinkEnd::Kind::Unreachable, {ProblemCode::Unreachable, reason}, std::nullopt});
}

void RelayLink::controlEvent(const wire::AgentControl::Event& event)
{
    if (m_ended)
        return;
    if (const auto* welcome = std::get_if<wire::Welcome>(&event)) {
        m_welcomed = true;
        m_owner.linkWelcomed(*this, *welcome);
    } else if (const auto* refuse = std::get_if<wire::Refuse>(&event)) {
        m_refusal = refuse->refusal;
    } else if (const auto* ended = std::get_if<wire::ControlEnded>(&event)) {
        if (m_refusal)
            return end({LinkEnd::Kind::Refused, problemOf(*m_refusal), m_refusal});
        std::string text(wire::describe(ended->reason));
        if (!ended->detail.empty())
            text += ": " + ended->detail;
        endBy(text);
    } else {
        m_owner.linkMessage(*this, event);
    }
}

size_t RelayLink::dataStreams() const
{
    if (!m_link || m_link->isClosed())
        return 0;
    const size_t all = m_link->streamCount();
    return m_control && m_control->isAttached() ? all - 1 : all;
}

void RelayLink::close(const std::string& reason)
{
    if (m_ended)
        return;
    m_ended = true;
    if (m_dialing)
        m_dialers.back()->cancel();
    if (m_link)
        m_link->close(reason);
}

void RelayLink::end(LinkEnd end)
{
    if (m_ended)
        return;
    // TLS 1.3: the relay's word about our certificate comes after our own handshake is done.
    const tls::Engine* engine = m_link && !m_welcomed ? m_link->channel().tls() : nullptr;
    if (engine && engine->error().code == tls::ErrorCode::CertificateRefused) {
        const wire::Refusal refusal(wire::RefusalCode::BadCredentials, engine->error().message);
        end = {LinkEnd::Kind::Refused, problemOf(refusal), refusal};
    }
    close(end.problem.text);
    m_owner.linkEnded(*this, end);
}

} // namespace sallyport::agent
