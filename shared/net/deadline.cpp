#include <sallyport/net/deadline.h>

#include <algorithm>

namespace sallyport::net {

using std::chrono::milliseconds;

namespace {
// Qt counts a timer's milliseconds in an int. Waking up too early is harmless.
constexpr milliseconds LongestWait = std::chrono::hours(24);
} // namespace

bool DeadlineQueue::Earlier::operator()(const Deadline* a, const Deadline* b) const
{
    if (*a->m_queued != *b->m_queued)
        return *a->m_queued < *b->m_queued;
    return std::less<const Deadline*>()(a, b);
}

DeadlineQueue::DeadlineQueue()
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.callOnTimeout(this, &DeadlineQueue::fire);
}

DeadlineQueue::~DeadlineQueue()
{
    for (Deadline* deadline : m_entries)
        deadline->m_queued.reset();
}

void DeadlineQueue::insert(Deadline* deadline)
{
    // One that is set to the past by its own call waits for the next round, or there were no end.
    if (m_firingAt && *deadline->m_queued <= *m_firingAt)
        deadline->m_queued = *m_firingAt + Duration(1);
    m_entries.insert(deadline);
    arm();
}

void DeadlineQueue::remove(Deadline* deadline)
{
    m_entries.erase(deadline);
    deadline->m_queued.reset();
}

void DeadlineQueue::arm()
{
    if (m_entries.empty())
        return;
    const TimePoint first = *(*m_entries.begin())->m_queued;
    if (m_armedFor && *m_armedFor <= first)
        return;
    m_armedFor = first;
    const auto wait = std::chrono::ceil<milliseconds>(first - Clock::now());
    m_timer.start(std::clamp(wait, milliseconds(0), LongestWait));
}

void DeadlineQueue::fire()
{
    m_armedFor.reset();
    const TimePoint now = Clock::now();
    m_firingAt = now;
    while (!m_entries.empty() && *(*m_entries.begin())->m_queued <= now) {
        Deadline* deadline = *m_entries.begin();
        remove(deadline);
        if (!deadline->m_when)
            continue;
        if (*deadline->m_when > now) {
            deadline->m_queued = deadline->m_when;
            m_entries.insert(deadline);
            continue;
        }
        deadline->m_when.reset();
        // A copy: the call may destroy the deadline and its function with it.
        const std::function<void()> due = deadline->m_due;
        due();
    }
    m_firingAt.reset();
    arm();
}

Deadline::Deadline(DeadlineQueue& queue, std::function<void()> due)
    : m_queue(queue), m_due(std::move(due))
{}

Deadline::~Deadline()
{
    if (m_queued)
        m_queue.remove(this);
}

void Deadline::set(TimePoint when)
{
    m_when = when;
    if (m_queued && *m_queued <= when)
        return;
    if (m_queued)
        m_queue.remove(this);
    m_queued = when;
    m_queue.insert(this);
}

} // namespace sallyport::net
