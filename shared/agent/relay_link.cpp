#include "relay_link.h"

#include "link_target.h"

#include <utility>

namespace sallyport::agent {

namespace {

// Whether another transport may get through where this one did not.
bool isWorthAnotherTransport(net::DialError::Kind kind)
{
    return kind == net::DialError::Kind::Unreachable || kind == net::DialError::Kind::Protocol;
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
    m_dialers.push_back(std::make_unique<net::Dialer>(m_io, dialTargetOf(m_target, transport()),
                                                      static_cast<net::DialOwner&>(*this)));
    m_dialing = true;
    m_dialers.back()->start();
}

void RelayLink::dialFailed(const net::DialError& error)
{
    m_dialing = false;
    if (m_ended)
        return;
    if (!m_firstError)
        m_firstError = error;
    if (isWorthAnotherTransport(error.kind) && m_transport + 1 < m_target.transports.size()) {
        ++m_transport;
        return dial();
    }
    // The first transport is the one that should have worked; distrust is what must not be lost.
    const bool untrusted = error.kind == net::DialError::Kind::Untrusted;
    end({untrusted ? LinkEnd::Kind::Untrusted : LinkEnd::Kind::Unreachable,
         untrusted ? error.text : m_firstError->text, std::nullopt});
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
        return end({LinkEnd::Kind::Unreachable, "the link took no control stream", std::nullopt});
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
    end({m_welcomed ? LinkEnd::Kind::Lost : LinkEnd::Kind::Unreachable, reason, std::nullopt});
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
            return end({LinkEnd::Kind::Refused, m_refusal->message, m_refusal});
        std::string text(wire::describe(ended->reason));
        if (!ended->detail.empty())
            text += ": " + ended->detail;
        end({m_welcomed ? LinkEnd::Kind::Lost : LinkEnd::Kind::Unreachable, text, std::nullopt});
    } else if (!std::holds_alternative<wire::Unsupported>(event)) {
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
    close(end.text);
    m_owner.linkEnded(*this, end);
}

} // namespace sallyport::agent
