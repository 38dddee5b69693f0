#include "control_split.h"

#include <sallyport/wire/relay_control.h>

#include <cassert>
#include <iterator>
#include <string_view>
#include <utility>

namespace sallyport::wire {

namespace {

std::string explain(const ParseFailure& failure)
{
    std::string text = failure.where;
    if (!text.empty())
        text += ": ";
    return text.append(describe(failure.error));
}

} // namespace

RelayControl::RelayControl(TimePoint now, Limits limits)
    : m_limits(limits),
      m_helloDeadline(now + limits.helloTimeout),
      m_line(limits.inputBytes, limits.outputBytes)
{}

// ---- Inputs ----

void RelayControl::handleTimeout(TimePoint now)
{
    if (m_state == State::AwaitingHello && now >= m_helloDeadline)
        endWith(RefusalCode::HelloTimeout, ControlEnd::HelloTimeout, {});
}

// ---- Commands ----

void RelayControl::accept(Welcome welcome)
{
    if (ended())
        return;
    assert(m_state == State::Checking);
    m_state = State::Open;
    welcome.refused.insert(welcome.refused.end(), std::make_move_iterator(m_invalidTunnels.begin()),
                           std::make_move_iterator(m_invalidTunnels.end()));
    m_invalidTunnels.clear();

    size_t budget = MessageBudget;
    std::vector<TunnelGrant> grants = splitOff(welcome.tunnels, budget);
    std::vector<TunnelRefused> refused = splitOff(welcome.refused, budget);
    m_line.post(welcome);
    for (TunnelGrant& grant : grants)
        m_line.post(TunnelOpened{std::move(grant)});
    for (TunnelRefused& refusal : refused)
        m_line.post(std::move(refusal));
}

void RelayControl::refuse(const Refusal& refusal)
{
    m_line.post(Refuse{refusal});
    m_line.end(ControlEnd::Refused, refusal.code);
}

void RelayControl::send(const TunnelOpened& message)
{
    m_line.post(message);
}

void RelayControl::send(const TunnelRefused& message)
{
    m_line.post(message);
}

void RelayControl::send(const TunnelChecked& message)
{
    m_line.post(message);
}

void RelayControl::send(const Drain& message)
{
    m_line.post(message);
}

void RelayControl::send(const Challenge& message)
{
    m_line.post(message);
    if (m_state == State::Checking)
        m_state = State::Challenged;
}

void RelayControl::send(const Notice& message)
{
    m_line.post(message);
}

void RelayControl::send(const CertificateIssued& message)
{
    m_line.post(message);
}

void RelayControl::send(const CertificateRefused& message)
{
    m_line.post(message);
}

// ---- Outputs ----

std::optional<RelayControl::Event> RelayControl::nextEvent()
{
    while (wantsInput()) {
        const auto frame = m_line.nextFrame();
        if (!frame) {
            const bool tooMuch = frame.error() == FrameError::BacklogFull;
            endWith(RefusalCode::Malformed,
                    tooMuch ? ControlEnd::TooMuchInput : ControlEnd::BadFrame, "length of a frame");
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

std::optional<TimePoint> RelayControl::nextDeadline() const
{
    return m_state == State::AwaitingHello && !ended() ? std::optional(m_helloDeadline)
                                                       : std::nullopt;
}

// ---- Helpers ----

void RelayControl::endWith(RefusalCode code, ControlEnd reason, std::string detail)
{
    m_line.post(Refuse{Refusal(code, detail)});
    m_line.end(reason, std::move(detail));
}

std::optional<RelayControl::Event> RelayControl::readFrame(std::string_view json)
{
    Result<Message, ParseFailure> message = parseMessage(json);
    if (message)
        return dispatch(std::move(*message));
    answerFailure(message.error());
    return std::nullopt;
}

void RelayControl::answerFailure(const ParseFailure& failure)
{
    if (failure.error == ParseError::ProtocolVersion)
        return endWith(RefusalCode::ProtocolVersion, ControlEnd::Refused,
                       "it speaks " + std::to_string(LinkProtocol));
    if (failure.error == ParseError::UnknownType && m_state == State::Open)
        return m_line.post(Unsupported{failure.where});
    if (failure.error == ParseError::InvalidTunnel && m_state == State::Open)
        return m_line.post(*failure.answer);
    endWith(RefusalCode::Malformed, ControlEnd::Malformed, explain(failure));
}

bool RelayControl::mayCome(const Message& message) const
{
    if (std::holds_alternative<Hello>(message))
        return m_state == State::AwaitingHello;
    if (m_state == State::Challenged)
        return std::holds_alternative<Reauth>(message) ||
               std::holds_alternative<Unsupported>(message);
    return m_state == State::Open;
}

std::optional<RelayControl::Event> RelayControl::dispatch(Message&& message)
{
    if (!mayCome(message)) {
        endWith(RefusalCode::Malformed, ControlEnd::OutOfOrder,
                std::string(typeText(message)) + " may not come now");
        return std::nullopt;
    }
    if (m_state == State::Challenged && std::holds_alternative<Reauth>(message))
        m_state = State::Checking;
    if (std::holds_alternative<Hello>(message)) {
        m_state = State::Checking;
        m_invalidTunnels = std::get<Hello>(message).invalidTunnels;
    }
    return std::visit(
        [this](auto&& m) -> std::optional<Event> {
            using T = std::decay_t<decltype(m)>;
            if constexpr (std::is_constructible_v<Event, T>)
                return Event(std::forward<decltype(m)>(m));
            else if constexpr (!std::is_same_v<T, Unsupported>)
                m_line.post(
                    Unsupported{std::string(typeText(Message(m)))}); // a message of the relay's own
            return std::nullopt;
        },
        std::move(message));
}

} // namespace sallyport::wire
