#include <sallyport/net/deadline.h>

namespace sallyport::net {

using std::chrono::milliseconds;

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
    m_timer.start(std::max(wait, milliseconds(0)));
}

void DeadlineQueue::fire()
{
    m_armedFor.reset();
    const TimePoint now = Clock::now();
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
    arm();
}

Deadline::Deadline(DeadlineQueue& queue, std::function<void()> due)
    : m_queue(queue)
    , m_due(std::move(due))
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
