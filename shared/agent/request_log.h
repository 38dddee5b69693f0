// The last requests that went through http tunnels, for a screen. A ring of fixed length.
//
// Threads: one.
#pragma once

#include <sallyport/agent/status.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::agent {

class RequestLog
{
public:
    static constexpr size_t MaxPath = 512;

    RequestLog(size_t limit, std::function<void()> changed)
        : m_limit(limit), m_changed(std::move(changed))
    {}

    // Returns the record's number, for answer().
    uint64_t begin(const std::string& tunnel, std::string_view method, std::string_view path);
    // Without effect when the record has left the ring.
    void answer(uint64_t number, unsigned status, std::chrono::microseconds duration);

    std::vector<RequestRecord> records() const { return {m_records.begin(), m_records.end()}; }

private:
    size_t m_limit;
    std::function<void()> m_changed;
    std::deque<RequestRecord> m_records;
    uint64_t m_nextNumber = 1;
};

} // namespace sallyport::agent
