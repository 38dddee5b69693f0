// Qt's timers of one thread, ordered by when they are due.
#pragma once

#include <QAbstractEventDispatcher>

#include <chrono>
#include <map>
#include <optional>
#include <set>

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
        bool firing = false; // its event is being handled: not again inside a nested loop
    };
    std::map<int, Timer> m_timers;
    std::set<std::pair<Instant, int>> m_queue;
};

} // namespace sallyport::net
