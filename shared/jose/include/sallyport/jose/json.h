// JSON as credentials need it: strict. A member that stands twice is an error (two readers could
// read two claims), nesting and the number of values are limited.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sallyport::jose {

class Json
{
public:
    using List = std::vector<Json>;
    using Object = std::vector<std::pair<std::string, Json>>; // in the order of the text

    Json() = default; // null
    explicit Json(bool value) : m_value(value) {}
    explicit Json(int64_t value) : m_value(value) {}
    explicit Json(double value) : m_value(value) {}
    explicit Json(std::string value) : m_value(std::move(value)) {}
    explicit Json(List value) : m_value(std::move(value)) {}
    explicit Json(Object value) : m_value(std::move(value)) {}

    bool isNull() const { return std::holds_alternative<std::monostate>(m_value); }
    // Null when it is of another type.
    const bool* boolean() const { return std::get_if<bool>(&m_value); }
    const int64_t* integer() const { return std::get_if<int64_t>(&m_value); }
    const std::string* text() const { return std::get_if<std::string>(&m_value); }
    const List* list() const { return std::get_if<List>(&m_value); }
    const Object* object() const { return std::get_if<Object>(&m_value); }
    // Any number.
    std::optional<double> number() const;

    // A member of an object; null when there is none (or it is JSON's null).
    const Json* find(std::string_view name) const;
    // The text of a member; empty when it is missing or no text.
    std::string_view textOf(std::string_view name) const;

    // Compact, in ASCII, members in order.
    std::string dump() const;

    bool operator==(const Json&) const = default;

private:
    std::variant<std::monostate, bool, int64_t, double, std::string, List, Object> m_value;
};

struct JsonLimits
{
    size_t bytes = 64 * 1024;
    size_t depth = 16;
    size_t values = 20'000;
};

// Nothing when the text is not exactly one JSON value in UTF-8 within the limits.
std::optional<Json> parseJson(std::string_view text, const JsonLimits& limits = {});

} // namespace sallyport::jose
