#include <sallyport/observe/sinks.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace sallyport::observe {

namespace {

constexpr std::chrono::seconds longestFlush(2);

// What the two threads share. Owned by both: when the inner sink is stuck at shutdown, its thread
// is left behind with it rather than waited for.
struct Queue
{
    Queue(std::shared_ptr<Sink> sink, size_t most, DroppedLine line)
        : inner(std::move(sink)), limit(most), droppedLine(std::move(line))
    {}

    const std::shared_ptr<Sink> inner;
    const size_t limit;
    const DroppedLine droppedLine;
    std::mutex mutex;
    std::condition_variable filled;
    std::condition_variable drained;
    std::string waiting;
    uint64_t dropped = 0;
    bool writing = false;
    bool ending = false;
};

void carry(const std::shared_ptr<Queue>& queue)
{
    std::string batch;
    std::unique_lock lock(queue->mutex);
    for (;;) {
        queue->filled.wait(lock, [&] { return queue->ending || !queue->waiting.empty(); });
        if (queue->waiting.empty())
            return;
        batch.clear();
        batch.swap(queue->waiting);
        const uint64_t dropped = std::exchange(queue->dropped, 0);
        queue->writing = true;
        lock.unlock();
        queue->inner->write(batch);
        if (dropped > 0)
            queue->inner->write(queue->droppedLine(dropped));
        lock.lock();
        queue->writing = false;
        if (queue->waiting.empty())
            queue->drained.notify_all();
    }
}

class QueuedSink : public Sink
{
public:
    QueuedSink(std::shared_ptr<Sink> inner, size_t limit, DroppedLine droppedLine)
        : m_queue(std::make_shared<Queue>(std::move(inner), limit, std::move(droppedLine))),
          m_thread([queue = m_queue] { carry(queue); })
    {}

    ~QueuedSink() override
    {
        const bool empty = waitUntilEmpty();
        {
            const std::lock_guard lock(m_queue->mutex);
            m_queue->ending = true;
        }
        m_queue->filled.notify_one();
        if (empty)
            m_thread.join();
        else
            m_thread.detach();
    }

    void write(std::string_view line) override
    {
        {
            const std::lock_guard lock(m_queue->mutex);
            if (m_queue->waiting.size() + line.size() > m_queue->limit) {
                ++m_queue->dropped;
                return;
            }
            m_queue->waiting += line;
        }
        m_queue->filled.notify_one();
    }

    void flush() override { waitUntilEmpty(); }

private:
    bool waitUntilEmpty()
    {
        std::unique_lock lock(m_queue->mutex);
        return m_queue->drained.wait_for(
            lock, longestFlush, [this] { return m_queue->waiting.empty() && !m_queue->writing; });
    }

    std::shared_ptr<Queue> m_queue;
    std::thread m_thread;
};

} // namespace

std::string droppedLogLines(uint64_t count)
{
    return "... " + std::to_string(count) + " log lines dropped: nobody reads them fast enough\n";
}

std::shared_ptr<Sink> queuedSink(std::shared_ptr<Sink> inner, size_t limit, DroppedLine droppedLine)
{
    return std::make_shared<QueuedSink>(std::move(inner), limit, std::move(droppedLine));
}

} // namespace sallyport::observe
