#include "tray_state.h"

namespace sallyport::gui {

void TrayState::setLink(Session::State state, bool tunnelProblem)
{
    m_link = state;
    m_tunnelProblem = tunnelProblem;
}

TrayLook TrayState::look(TimePoint now) const
{
    switch (m_link) {
    case Session::State::Off:
        return TrayLook::Off;
    case Session::State::Connecting:
        return TrayLook::Connecting;
    case Session::State::Connected:
        break;
    default:
        return TrayLook::Problem;
    }
    if (m_tunnelProblem)
        return TrayLook::Problem;
    return nextChange(now) ? TrayLook::Moving : TrayLook::Connected;
}

std::optional<TimePoint> TrayState::nextChange(TimePoint now) const
{
    if (m_link != Session::State::Connected || m_tunnelProblem || !m_lastTraffic)
        return std::nullopt;
    const TimePoint end = *m_lastTraffic + MovingTime;
    return end > now ? std::optional(end) : std::nullopt;
}

} // namespace sallyport::gui
