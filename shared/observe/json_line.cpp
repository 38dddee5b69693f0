#include "escape.h"
#include "timestamp.h"

#include <sallyport/observe/json_line.h>

#include <utility>

namespace sallyport::observe {

JsonLine::JsonLine(std::chrono::system_clock::time_point time) : m_line("{\"time\":\"")
{
    appendTime(m_line, time);
    m_line += '"';
}

template <typename Append>
void JsonLine::addValue(std::string_view key, Append&& append)
{
    const size_t before = m_line.size();
    m_line += ",\"";
    m_line += key;
    m_line += "\":";
    append();
    // Whole fields go, so that JSON stays JSON. The rest of the room is for the end.
    if (m_line.size() > MaxLine - 64) {
        m_line.resize(before);
        ++m_leftOut;
    }
}

void JsonLine::add(std::string_view key, std::string_view text)
{
    addValue(key, [&] { appendJson(m_line, text, MaxValue); });
}

void JsonLine::add(std::string_view key, bool value)
{
    addValue(key, [&] { m_line += value ? "true" : "false"; });
}

void JsonLine::add(std::string_view key, int64_t value)
{
    addValue(key, [&] { m_line += std::to_string(value); });
}

void JsonLine::add(std::string_view key, uint64_t value)
{
    addValue(key, [&] { m_line += std::to_string(value); });
}

void JsonLine::add(std::string_view key, std::span<const std::string> texts)
{
    addValue(key, [&] {
        m_line += '[';
        for (size_t i = 0; i < texts.size() && m_line.size() < MaxLine; ++i) {
            m_line += i == 0 ? "" : ",";
            appendJson(m_line, texts[i], MaxValue);
        }
        m_line += ']';
    });
}

std::string JsonLine::finish()
{
    if (m_leftOut > 0)
        m_line += ",\"fields_left_out\":" + std::to_string(m_leftOut);
    m_line += "}\n";
    return std::move(m_line);
}

} // namespace sallyport::observe
