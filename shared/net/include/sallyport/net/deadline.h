// Many deadlines on one Qt timer. Moving a deadline further away costs nothing (the entry is looked
// at when it would have been due), which is what every request of a keep-alive connection does.
//
// Threads: one. Lifetime: a Deadline leaves its queue when destroyed; the queue lives longer.
#pragma once

#include <sallyport/base/clock.h>

#include <QObject>
#include <QTimer>

#include <functional>
#include <optional>
#include <set>

namespace sallyport::net {

class Deadline;

class DeadlineQueue final : public QObject
{
public:
    DeadlineQueue();
    ~DeadlineQueue() override;

private:
    friend class Deadline;
    struct Earlier
    {
        bool operator()(const Deadline* a, const Deadline* b) const;
    };
    void insert(Deadline* deadline);
    void remove(Deadline* deadline);
    void fire();
    void arm();

    std::set<Deadline*, Earlier> m_entries;
    QTimer m_timer;
    std::optional<TimePoint> m_armedFor;
    std::optional<TimePoint> m_firingAt;
};

class Deadline
{
public:
    // `due` is called on the queue's thread; it may destroy the Deadline.
    Deadline(DeadlineQueue& queue, std::function<void()> due);
    ~Deadline();
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;

    void set(TimePoint when);
    void set(std::optional<TimePoint> when)
    {
        if (when)
            set(*when);
        else
            clear();
    }
    void clear() { m_when.reset(); }
    bool isSet() const { return m_when.has_value(); }

private:
    friend class DeadlineQueue;
    DeadlineQueue& m_queue;
    std::function<void()> m_due;
    std::optional<TimePoint> m_when;   // what the owner wants
    std::optional<TimePoint> m_queued; // where it stands in the queue: looked at then
};

} // namespace sallyport::net
