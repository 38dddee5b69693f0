// Numbers that one thread changes and another reads, without locks. Relaxed: each number is right,
// but two numbers read together may be of slightly different moments.
#pragma once

#include <atomic>
#include <cstdint>

namespace sallyport::observe {

// Only grows.
class Counter
{
public:
    void add(uint64_t n = 1) { m_value.fetch_add(n, std::memory_order_relaxed); }
    uint64_t value() const { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<uint64_t> m_value{0};
};

// Goes up and down: connections open, bytes queued.
class Gauge
{
public:
    void add(int64_t n = 1) { m_value.fetch_add(n, std::memory_order_relaxed); }
    void subtract(int64_t n = 1) { m_value.fetch_sub(n, std::memory_order_relaxed); }
    void set(int64_t value) { m_value.store(value, std::memory_order_relaxed); }
    int64_t value() const { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<int64_t> m_value{0};
};

} // namespace sallyport::observe
