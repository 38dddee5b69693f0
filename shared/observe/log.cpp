#include "escape.h"
#include "timestamp.h"

#include <sallyport/base/overloaded.h>
#include <sallyport/observe/log.h>

#include <atomic>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <mutex>
#include <utility>

namespace sallyport::observe {

namespace {

using std::chrono::system_clock;

template <typename I>
void appendInteger(std::string& line, I value)
{
    char text[24];
    const auto [end, error] = std::to_chars(text, text + sizeof(text), value);
    line.append(text, static_cast<size_t>(end - text));
}

void appendReal(std::string& line, double value, const char* format)
{
    char text[40];
    const int n = std::snprintf(text, sizeof(text), format, value);
    line.append(text, static_cast<size_t>(n));
}

void appendDuration(std::string& line, std::chrono::nanoseconds time)
{
    const auto ns = static_cast<double>(time.count());
    const double size = std::abs(ns);
    if (size >= 1e9)
        appendReal(line, ns / 1e9, "%.4gs");
    else if (size >= 1e6)
        appendReal(line, ns / 1e6, "%.4gms");
    else
        appendReal(line, ns / 1e3, "%.4gus");
}

void appendTextValue(std::string& line, const FieldValue& value)
{
    std::visit(Overloaded{
                   [&](std::string_view text) { appendValue(line, text, Log::MaxValue); },
                   [&](bool yes) { line += yes ? "true" : "false"; },
                   [&](double real) { appendReal(line, real, "%.6g"); },
                   [&](int64_t number) { appendInteger(line, number); },
                   [&](uint64_t number) { appendInteger(line, number); },
                   [&](std::chrono::nanoseconds time) { appendDuration(line, time); },
                   [&](FieldValue::Hidden) { line += "***"; },
               },
               value.variant());
}

void appendJsonReal(std::string& line, double real)
{
    if (std::isfinite(real))
        appendReal(line, real, "%.9g");
    else
        line += "null";
}

void appendJsonValue(std::string& line, const FieldValue& value)
{
    std::visit(Overloaded{
                   [&](std::string_view text) { appendJson(line, text, Log::MaxValue); },
                   [&](bool yes) { line += yes ? "true" : "false"; },
                   [&](double real) { appendJsonReal(line, real); },
                   [&](int64_t number) { appendInteger(line, number); },
                   [&](uint64_t number) { appendInteger(line, number); },
                   [&](std::chrono::nanoseconds time) {
                       appendJsonReal(line, static_cast<double>(time.count()) / 1e9);
                   },
                   [&](FieldValue::Hidden) { line += "\"***\""; },
               },
               value.variant());
}

void appendField(std::string& line, const Field& field, Format format)
{
    if (format == Format::Json) {
        line += ",\"";
        line += field.key;
        line += "\":";
        appendJsonValue(line, field.value);
    } else {
        line += ' ';
        line += field.key;
        line += '=';
        appendTextValue(line, field.value);
    }
}

// The priorities of syslog that systemd reads at the beginning of a line.
std::string_view journalPrefix(Level level)
{
    switch (level) {
    case Level::Debug:
        return "<7>";
    case Level::Warning:
        return "<4>";
    case Level::Error:
        return "<3>";
    default:
        return "<6>";
    }
}

} // namespace

std::string_view toText(Level level)
{
    switch (level) {
    case Level::Debug:
        return "debug";
    case Level::Info:
        return "info";
    case Level::Warning:
        return "warning";
    case Level::Error:
        return "error";
    case Level::Off:
        break;
    }
    return "off";
}

struct Log::Core
{
    std::shared_ptr<Sink> sink;
    Format format;
    std::atomic<Level> level;
    WallClock clock;
    std::mutex mutex;
};

Log::Log() : Log(nullptr, Format::Text, Level::Off) {}

Log::Log(std::shared_ptr<Sink> sink, Format format, Level level, WallClock clock)
    : m_core(std::make_shared<Core>())
{
    m_core->sink = std::move(sink);
    m_core->format = format;
    m_core->level = level;
    m_core->clock = clock ? std::move(clock) : WallClock(&system_clock::now);
}

void Log::setLevel(Level level)
{
    m_core->level.store(level, std::memory_order_relaxed);
}

Level Log::level() const
{
    return m_core->level.load(std::memory_order_relaxed);
}

bool Log::enabled(Level level) const
{
    return level != Level::Off && level >= this->level() && m_core->sink;
}

Log Log::with(Fields fields) const
{
    Log log = *this;
    for (const Field& field : fields)
        appendField(log.m_context, field, m_core->format);
    // Context of context has its end too.
    if (log.m_context.size() > MaxLine / 2)
        log.m_context = m_context;
    return log;
}

void Log::debug(std::string_view message, Fields fields) const
{
    write(Level::Debug, message, fields);
}

void Log::info(std::string_view message, Fields fields) const
{
    write(Level::Info, message, fields);
}

void Log::warning(std::string_view message, Fields fields) const
{
    write(Level::Warning, message, fields);
}

void Log::error(std::string_view message, Fields fields) const
{
    write(Level::Error, message, fields);
}

void Log::write(Level level, std::string_view message, Fields fields) const
{
    if (!enabled(level))
        return;
    // Kept by the thread, so that a line costs no allocation once the first was written.
    thread_local std::string line;
    line.clear();
    const Format format = m_core->format;
    if (format == Format::Json) {
        line += "{\"time\":\"";
        appendTime(line, m_core->clock());
        line += "\",\"level\":\"";
        line += toText(level);
        line += "\",\"message\":";
        appendJson(line, message, MaxValue);
    } else {
        if (format == Format::Journal) {
            line += journalPrefix(level);
        } else {
            appendTime(line, m_core->clock());
            line += ' ';
            const std::string_view name = toText(level);
            line += name;
            line.append(std::string_view("warning").size() - name.size() + 1, ' ');
        }
        appendEscaped(line, message, MaxValue);
    }
    line += m_context;
    size_t leftOut = 0;
    for (const Field& field : fields) {
        // Whole fields go, so that JSON stays JSON. The rest of the room is for the last field.
        const size_t before = line.size();
        appendField(line, field, format);
        if (line.size() > MaxLine - 64) {
            line.resize(before);
            ++leftOut;
        }
    }
    if (leftOut > 0)
        appendField(line, {"fields_left_out", leftOut}, format);
    line += format == Format::Json ? "}\n" : "\n";
    const std::lock_guard lock(m_core->mutex);
    m_core->sink->write(line);
}

void Log::flush() const
{
    if (!m_core->sink)
        return;
    const std::lock_guard lock(m_core->mutex);
    m_core->sink->flush();
}

} // namespace sallyport::observe
