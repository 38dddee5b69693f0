// Qt's timers of one thread, ordered by when they are due.
#pragma once

#include <QAbstractEventDispatcher>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace sallyport::net {

class EpollTimers
{
public:
    using Instant = std::chrono::steady_clock::time_point;

    void add(int id, qint64 intervalMs, Qt::TimerType type, QObject* object);
    bool remove(int id);
    bool removeAll(QObject* object);
    QList<QAbstractEventDispatcher::TimerInfo> of(QObject* object) const;
    // Milliseconds, at least 0; -1 when there is no such timer.
    int remaining(int id) const;
    std::optional<Instant> next() const;
    // Sends a QTimerEvent for each timer that is due; returns whether there was one.
    bool fire();

private:
    struct Timer
    {
        QObject* object;
        std::chrono::milliseconds interval;
        Qt::TimerType type;
        Instant due;
        uint64_t order;
        // Its event is being handled: it stands in no queue meanwhile, so that a nested loop
        // neither sends it again nor wakes up for it.
        bool firing = false;
    };
    // Those due at the same instant keep the order in which they were started.
    using Place = std::tuple<Instant, uint64_t, int>;
    static Place placeOf(int id, const Timer& timer) { return {timer.due, timer.order, id}; }

    std::map<int, Timer> m_timers;
    std::set<Place> m_queue;
    uint64_t m_order = 0;
};

} // namespace sallyport::net
