#include "epoll_timers.h"

#include <QCoreApplication>
#include <QTimerEvent>

#include <algorithm>
#include <vector>

namespace sallyport::net {

using std::chrono::steady_clock;

void EpollTimers::add(int id, qint64 intervalMs, Qt::TimerType type, QObject* object)
{
    const std::chrono::milliseconds interval(intervalMs);
    const Instant due = steady_clock::now() + interval;
    m_timers[id] = Timer{object, interval, type, due};
    m_queue.insert({due, id});
}

bool EpollTimers::remove(int id)
{
    const auto found = m_timers.find(id);
    if (found == m_timers.end())
        return false;
    m_queue.erase({found->second.due, id});
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
    return int(std::max<qint64>(
        0, std::chrono::duration_cast<std::chrono::milliseconds>(left).count()));
}

std::optional<EpollTimers::Instant> EpollTimers::next() const
{
    if (m_queue.empty())
        return std::nullopt;
    return m_queue.begin()->first;
}

bool EpollTimers::fire()
{
    if (m_queue.empty())
        return false;
    const Instant now = steady_clock::now();
    std::vector<int> due;
    for (auto it = m_queue.begin(); it != m_queue.end() && it->first <= now; ++it)
        due.push_back(it->second);
    bool fired = false;
    for (int id : due) {
        // An earlier handler may have stopped or restarted this one.
        const auto found = m_timers.find(id);
        if (found == m_timers.end() || found->second.due > now)
            continue;
        Timer& timer = found->second;
        m_queue.erase({timer.due, id});
        timer.due = std::max(timer.due + timer.interval, now);
        if (timer.interval.count() == 0)
            timer.due = now;
        m_queue.insert({timer.due, id});
        if (timer.firing)
            continue;
        timer.firing = true;
        QTimerEvent event(id);
        QCoreApplication::sendEvent(timer.object, &event);
        fired = true;
        if (const auto still = m_timers.find(id); still != m_timers.end())
            still->second.firing = false;
    }
    return fired;
}

} // namespace sallyport::net
