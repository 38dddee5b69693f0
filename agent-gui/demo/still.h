// One moment of a scene for a picture: the clock stands, a minute of traffic has passed, and each
// run is at the same request. Nothing moves by itself.
//
// Threads: the GUI's. Lifetime: as long as the scene that begin() changed.
#pragma once

#include "fake_agent_control.h"
#include "session.h"

#include <chrono>
#include <memory>

namespace sallyport::gui::demo {

class Still
{
public:
    static constexpr int Seconds = 60; // of traffic, as many as a card shows

    // Stops the scene's clock; before the agent is made of it.
    explicit Still(Scene& scene);
    // Lets the traffic pass; before a page is made.
    void passTraffic(FakeAgentControl& control, Session& session);
    // The countdown to the next try, which runs by the real clock, begins anew.
    void touchUp(FakeAgentControl& control) const;

private:
    std::shared_ptr<std::chrono::system_clock::time_point> m_now;
    Scene::Link m_link;
    double m_rate;
};

} // namespace sallyport::gui::demo
