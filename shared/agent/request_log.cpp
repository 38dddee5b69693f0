#include "request_log.h"

#include <utility>

namespace sallyport::agent {

uint64_t RequestLog::begin(const std::string& tunnel, std::string_view method,
                           std::string_view path)
{
    if (m_limit == 0)
        return 0;
    if (m_records.size() == m_limit)
        m_records.pop_front();
    RequestRecord record;
    record.number = m_nextNumber++;
    record.time = std::chrono::system_clock::now();
    record.tunnel = tunnel;
    record.method = method;
    record.path = path.substr(0, MaxPath);
    m_records.push_back(std::move(record));
    m_changed();
    return m_records.back().number;
}

void RequestLog::answer(uint64_t number, unsigned status, std::chrono::microseconds duration)
{
    if (m_records.empty() || number < m_records.front().number || number > m_records.back().number)
        return;
    RequestRecord& record = m_records[number - m_records.front().number];
    record.status = status;
    record.duration = duration;
    m_changed();
}

} // namespace sallyport::agent
