#include "still.h"

#include "traffic_model.h"

#include <QDateTime>

#include <array>

namespace sallyport::gui::demo {

namespace {

using namespace std::chrono_literals;

constexpr auto Moment = std::chrono::sys_days(std::chrono::year(2026) / 3 / 3) + 10h + 24min + 31s;

// A busy minute has hills and valleys.
constexpr std::array Shape{4, 6, 9, 7, 5, 8, 12, 16, 14, 10, 7, 5, 6, 9, 13, 17, 20, 15, 11, 8};

} // namespace

Still::Still(Scene& scene)
    : m_now(std::make_shared<std::chrono::system_clock::time_point>(Moment - Seconds * 1s)),
      m_link(scene.link),
      m_rate(scene.requestsPerSecond)
{
    scene.now = [now = m_now] { return *now; };
    scene.requestsPerSecond = 0;
}

void Still::passTraffic(FakeAgentControl& control, Session& session)
{
    session.meter().setAutomatic(false);
    double due = 0;
    for (size_t second = 0; m_rate > 0 && second < Seconds; ++second) {
        *m_now += 1s;
        due += m_rate * Shape[second % Shape.size()] / 10;
        control.traffic().produce(size_t(due));
        due -= double(size_t(due));
        control.grow(m_rate);
        session.meter().sample();
    }
    *m_now = Moment;
    const auto now =
        std::chrono::duration_cast<std::chrono::milliseconds>(Moment.time_since_epoch());
    session.traffic()->setToday(QDateTime::fromMSecsSinceEpoch(now.count()).date());
}

void Still::touchUp(FakeAgentControl& control) const
{
    if (m_link == Scene::Link::Waiting)
        control.setLink(m_link);
}

} // namespace sallyport::gui::demo
