#include "control_split.h"

#include <sallyport/wire/agent_control.h>

#include <string_view>
#include <utility>

namespace sallyport::wire {

AgentControl::AgentControl(TimePoint now, Hello hello, Limits limits)
    : m_limits(limits),
      m_welcomeDeadline(now + limits.welcomeTimeout),
      m_line(limits.inputBytes, limits.outputBytes),
      m_waiting(limits.outputBytes)
{
    size_t budget = MessageBudget;
    std::vector<TunnelRequest> rest = splitOff(hello.tunnels, budget);
    m_line.post(hello);
    for (TunnelRequest& request : rest)
        send(TunnelOpen{std::move(request)});
}

// ---- Inputs ----

void AgentControl::handleTimeout(TimePoint now)
{
    if (!m_open && now >= welcomeDeadline())
        m_line.end(ControlEnd::WelcomeTimeout, {});
}

// ---- Commands ----

void AgentControl::send(const TunnelOpen& message)
{
    postWhenOpen(message);
}

void AgentControl::send(const TunnelUpdate& message)
{
    postWhenOpen(message);
}

void AgentControl::send(const TunnelCheck& message)
{
    postWhenOpen(message);
}

void AgentControl::send(const TunnelClose& message)
{
    postWhenOpen(message);
}

void AgentControl::send(const Reauth& message)
{
    if (m_challenged)
        return m_line.post(message);
    postWhenOpen(message);
}

void AgentControl::send(const StreamFailed& message)
{
    postWhenOpen(message);
}

void AgentControl::send(const CertificateRenew& message)
{
    postWhenOpen(message);
}

// ---- Outputs ----

std::optional<AgentControl::Event> AgentControl::nextEvent()
{
    while (!ended()) {
        const auto frame = m_line.nextFrame();
        if (!frame) {
            const bool tooMuch = frame.error() == FrameError::BacklogFull;
            m_line.end(tooMuch ? ControlEnd::TooMuchInput : ControlEnd::BadFrame, {});
        } else if (!*frame) {
            break;
        } else if (std::optional<Event> event = readFrame(**frame)) {
            return event;
        }
    }
    if (auto end = m_line.takeEnd())
        return std::move(*end);
    return std::nullopt;
}

std::optional<TimePoint> AgentControl::nextDeadline() const
{
    return m_open || ended() ? std::nullopt : std::optional(welcomeDeadline());
}

// ---- Helpers ----

// A fresh credential may have to be fetched from somewhere.
TimePoint AgentControl::welcomeDeadline() const
{
    return m_challenged ? m_welcomeDeadline + m_limits.welcomeTimeout : m_welcomeDeadline;
}

void AgentControl::postWhenOpen(const Message& message)
{
    if (m_open)
        return m_line.post(message);
    if (!m_waiting.add(message))
        m_line.end(ControlEnd::TooMuchOutput, std::string(typeText(message)));
}

void AgentControl::open()
{
    m_challenged = false;
    m_open = true;
    const ByteView waiting = m_waiting.bytes();
    m_line.post(waiting);
    m_waiting.consume(waiting.size());
}

std::optional<AgentControl::Event> AgentControl::readFrame(std::string_view json)
{
    Result<Message, ParseFailure> message = parseMessage(json);
    if (message)
        return dispatch(std::move(*message));
    const ParseFailure& failure = message.error();
    if (failure.error == ParseError::UnknownType)
        m_line.post(Unsupported{failure.where});
    else
        m_line.end(ControlEnd::Malformed, failure.where + (failure.where.empty() ? "" : ": ") +
                                              std::string(describe(failure.error)));
    return std::nullopt;
}

bool AgentControl::mayCome(const Message& message) const
{
    if (std::holds_alternative<Welcome>(message))
        return !m_open;
    const bool needsWelcome = std::holds_alternative<TunnelOpened>(message) ||
                              std::holds_alternative<TunnelRefused>(message) ||
                              std::holds_alternative<TunnelChecked>(message) ||
                              std::holds_alternative<Drain>(message) ||
                              std::holds_alternative<CertificateIssued>(message) ||
                              std::holds_alternative<CertificateRefused>(message);
    return m_open || !needsWelcome;
}

std::optional<AgentControl::Event> AgentControl::dispatch(Message&& message)
{
    if (!mayCome(message)) {
        m_line.end(ControlEnd::OutOfOrder, std::string(typeText(message)));
        return std::nullopt;
    }
    if (std::holds_alternative<Challenge>(message) && !m_open)
        m_challenged = true;
    if (std::holds_alternative<Welcome>(message))
        open();
    if (const Refuse* refuse = std::get_if<Refuse>(&message))
        m_line.end(ControlEnd::Refused, refuse->refusal.code);
    return std::visit(
        [this](auto&& m) -> std::optional<Event> {
            using T = std::decay_t<decltype(m)>;
            if constexpr (std::is_constructible_v<Event, T>)
                return Event(std::forward<decltype(m)>(m));
            else
                m_line.post(
                    Unsupported{std::string(typeText(Message(m)))}); // a message of the agent's own
            return std::nullopt;
        },
        std::move(message));
}

} // namespace sallyport::wire
