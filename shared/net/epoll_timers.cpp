#include "epoll_timers.h"

#include <QCoreApplication>
#include <QTimerEvent>

#include <algorithm>
#include <vector>

namespace sallyport::net {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

void EpollTimers::add(int id, qint64 intervalMs, Qt::TimerType type, QObject* object)
{
    remove(id);
    const milliseconds interval(intervalMs);
    const Timer timer{object, interval, type, steady_clock::now() + interval, ++m_order};
    m_queue.insert(placeOf(id, timer));
    m_timers.emplace(id, timer);
}

bool EpollTimers::remove(int id)
{
    const auto found = m_timers.find(id);
    if (found == m_timers.end())
        return false;
    m_queue.erase(placeOf(id, found->second));
    m_timers.erase(found);
    return true;
}

bool EpollTimers::removeAll(QObject* object)
{
    std::vector<int> ids;
    for (const auto& [id, timer] : m_timers)
        if (timer.object == object)
            ids.push_back(id);
    for (int id : ids)
        remove(id);
    return !ids.empty();
}

QList<QAbstractEventDispatcher::TimerInfo> EpollTimers::of(QObject* object) const
{
    QList<QAbstractEventDispatcher::TimerInfo> list;
    for (const auto& [id, timer] : m_timers)
        if (timer.object == object)
            list.append({id, int(timer.interval.count()), timer.type});
    return list;
}

int EpollTimers::remaining(int id) const
{
    const auto found = m_timers.find(id);
    if (found == m_timers.end())
        return -1;
    const auto left = found->second.due - steady_clock::now();
    return int(std::max<qint64>(0, std::chrono::ceil<milliseconds>(left).count()));
}

std::optional<EpollTimers::Instant> EpollTimers::next() const
{
    if (m_queue.empty())
        return std::nullopt;
    return std::get<Instant>(*m_queue.begin());
}

bool EpollTimers::fire()
{
    if (m_queue.empty())
        return false;
    const Instant now = steady_clock::now();
    std::vector<Place> due;
    for (auto it = m_queue.begin(); it != m_queue.end() && std::get<Instant>(*it) <= now; ++it)
        due.push_back(*it);
    bool fired = false;
    for (const Place& place : due) {
        // An earlier handler may have stopped or restarted this one, or run it in a nested loop.
        if (m_queue.erase(place) == 0)
            continue;
        const int id = std::get<int>(place);
        Timer& timer = m_timers.find(id)->second;
        timer.due += timer.interval;
        if (timer.due < now)
            timer.due = now + timer.interval; // too late to catch up
        timer.order = ++m_order;
        timer.firing = true;
        QTimerEvent event(id);
        QCoreApplication::sendEvent(timer.object, &event);
        fired = true;
        const auto still = m_timers.find(id);
        if (still != m_timers.end() && still->second.firing) {
            still->second.firing = false;
            m_queue.insert(placeOf(id, still->second));
        }
    }
    return fired;
}

} // namespace sallyport::net
