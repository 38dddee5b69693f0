// Which of the five icons is shown. Time is passed in.
#pragma once

#include "session.h"

#include <sallyport/base/clock.h>

#include <optional>

namespace sallyport::gui {

enum class TrayLook { Off, Connecting, Connected, Problem, Moving };

class TrayState
{
public:
    // So long after the last request the icon says that traffic moves.
    static constexpr Duration MovingTime = std::chrono::milliseconds(1'500);

    // `tunnelProblem`: a local service does not answer, or the relay refused a tunnel.
    void setLink(Session::State state, bool tunnelProblem);
    void trafficSeen(TimePoint now) { m_lastTraffic = now; }

    TrayLook look(TimePoint now) const;
    // When look() changes by itself.
    std::optional<TimePoint> nextChange(TimePoint now) const;

private:
    Session::State m_link = Session::State::Off;
    bool m_tunnelProblem = false;
    std::optional<TimePoint> m_lastTraffic;
};

} // namespace sallyport::gui
