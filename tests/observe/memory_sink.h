// Keeps what was logged.
#pragma once

#include <sallyport/observe/log.h>

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

class MemorySink : public sallyport::observe::Sink
{
public:
    void write(std::string_view line) override
    {
        const std::lock_guard lock(m_mutex);
        m_text += line;
        ++m_writes;
    }
    void flush() override { ++m_flushes; }

    std::string take()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_text, {});
    }
    int writes() const { return m_writes; }
    int flushes() const { return m_flushes; }

private:
    std::mutex m_mutex;
    std::string m_text;
    int m_writes = 0;
    int m_flushes = 0;
};

// 2026-01-31T12:00:00.123Z
inline std::chrono::system_clock::time_point fixedTime()
{
    return std::chrono::system_clock::time_point(std::chrono::milliseconds(1'769'860'800'123));
}
