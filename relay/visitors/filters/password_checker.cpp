#include "visitors/filters/password_checker.h"

#include <sallyport/auth/password_hash.h>

#include <algorithm>
#include <utility>

namespace sallyport::relay {

PasswordChecker::PasswordChecker(size_t limit)
    : m_limit(limit), m_limitPerPolicy(std::max<size_t>(1, limit / 4))
{}

PasswordChecker::~PasswordChecker()
{
    stop();
}

bool PasswordChecker::submit(Job job)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_ending || m_waiting >= m_limit)
            return false;
        std::deque<Job>& queue = m_queues[job.policy];
        if (queue.size() >= m_limitPerPolicy)
            return false;
        queue.push_back(std::move(job));
        ++m_waiting;
        if (!m_thread.joinable())
            m_thread = std::thread([this] { run(); });
    }
    m_filled.notify_one();
    return true;
}

void PasswordChecker::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
        m_queues.clear();
        m_waiting = 0;
    }
    m_filled.notify_one();
    if (m_thread.joinable())
        m_thread.join();
}

size_t PasswordChecker::waiting() const
{
    const std::lock_guard lock(m_mutex);
    return m_waiting;
}

void PasswordChecker::run()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_filled.wait(lock, [this] { return m_ending || !m_queues.empty(); });
        if (m_ending)
            return;
        auto turn = m_queues.upper_bound(m_last);
        if (turn == m_queues.end())
            turn = m_queues.begin();
        Job job = std::move(turn->second.front());
        turn->second.pop_front();
        m_last = turn->first;
        if (turn->second.empty())
            m_queues.erase(turn);
        --m_waiting;
        lock.unlock();
        const bool right = auth::passwordMatches(job.hash, job.password) && !job.refuseAnyway;
        job.done(right);
        lock.lock();
    }
}

} // namespace sallyport::relay
