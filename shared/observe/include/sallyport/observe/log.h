// Structured logging: one line for each event, a sentence and key=value fields, as text or JSON.
//
//     log.info("link up", {{"tenant", tenant}, {"rtt", rtt}});
//     2026-01-31T12:00:00.123Z info  link up tenant=alice rtt=12.3ms
//     {"time":"2026-01-31T12:00:00.123Z","level":"info","message":"link
//     up","tenant":"alice","rtt":0.0123}
//
// A Log is a cheap handle: copy it, and give it fields that all its lines carry with with(). Values
// are looked at during the call only. Below the level a call costs one relaxed load and allocates
// nothing; where making a value costs, ask enabled() first.
//
// Everything from outside is made harmless: control characters, quotes and bytes that are not UTF-8
// are escaped, values are cut at 1 KiB and lines at 8 KiB, and a Secret is shown as "***".
//
// Threads: all calls from any thread. Lines are whole; two threads' lines may come in either order.
#pragma once

#include <sallyport/base/secret.h>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace sallyport::observe {

enum class Level { Debug, Info, Warning, Error, Off };
std::string_view toText(Level level);

enum class Format {
    Text,
    Json,
    Journal, // text without the time, with systemd's priority prefix "<6>"
};

class FieldValue
{
public:
    FieldValue(std::string_view text) : m_value(text) {}
    FieldValue(const std::string& text) : m_value(std::string_view(text)) {}
    FieldValue(const char* text) : m_value(std::string_view(text)) {}
    FieldValue(bool value) : m_value(value) {}
    FieldValue(double value) : m_value(value) {}
    template <std::integral I>
    requires(!std::same_as<I, bool>) FieldValue(I value)
    {
        if constexpr (std::is_signed_v<I>)
            m_value = static_cast<int64_t>(value);
        else
            m_value = static_cast<uint64_t>(value);
    }
    // Shown with a fitting unit in text, as seconds in JSON.
    template <typename Rep, typename Period>
    FieldValue(std::chrono::duration<Rep, Period> value)
        : m_value(std::chrono::duration_cast<std::chrono::nanoseconds>(value))
    {}
    FieldValue(const Secret&) : m_value(Hidden()) {}

    struct Hidden
    {};
    using Variant = std::variant<std::string_view, bool, double, int64_t, uint64_t,
                                 std::chrono::nanoseconds, Hidden>;
    const Variant& variant() const { return m_value; }

private:
    Variant m_value;
};

// Keys are literals of the code: lower-case letters, digits and "_".
struct Field
{
    std::string_view key;
    FieldValue value;
};
using Fields = std::initializer_list<Field>;

// Takes a whole line with its newline. Called by one thread at a time.
class Sink
{
public:
    virtual ~Sink() = default;
    virtual void write(std::string_view line) = 0;
    // Returns when everything has left the process.
    virtual void flush() {}
};

class Log
{
public:
    using WallClock = std::function<std::chrono::system_clock::time_point()>;

    static constexpr size_t MaxValue = 1024;
    static constexpr size_t MaxLine = 8 * 1024;

    // Says nothing to nobody: for tests and embedders.
    Log();
    Log(std::shared_ptr<Sink> sink, Format format, Level level, WallClock clock = {});

    // May be called while other threads log; holds for all copies.
    void setLevel(Level level);
    Level level() const;
    bool enabled(Level level) const;

    // A log whose every line carries these fields too.
    [[nodiscard]] Log with(Fields fields) const;

    void debug(std::string_view message, Fields fields = {}) const;
    void info(std::string_view message, Fields fields = {}) const;
    void warning(std::string_view message, Fields fields = {}) const;
    void error(std::string_view message, Fields fields = {}) const;
    void write(Level level, std::string_view message, Fields fields = {}) const;

    // At shutdown, and before a deliberate abort.
    void flush() const;

private:
    struct Core;
    std::shared_ptr<Core> m_core;
    std::string m_context; // fields given by with(), in the core's format
};

} // namespace sallyport::observe
