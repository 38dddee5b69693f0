#include "json_fields.h"

#include "json_text.h"

#include <algorithm>
#include <utility>

namespace sallyport::wire {

namespace {
const Json EmptyObject = Json::object();
const Json EmptyList = Json::array();
} // namespace

void Problem::set(ParseError error, std::string where)
{
    if (!failure)
        failure = ParseFailure{error, std::move(where), std::nullopt};
}

JsonFields::JsonFields(const Json& object, std::string path, Problem& problem)
    : m_object(&object), m_path(std::move(path)), m_problem(problem)
{
    if (!object.is_object()) {
        m_problem.set(ParseError::WrongType, m_path);
        m_object = &EmptyObject;
    }
}

std::string JsonFields::text(const char* name, size_t max)
{
    std::optional<std::string> value = optionalText(name, max);
    if (!value)
        fail(ParseError::MissingField, name);
    else if (value->empty())
        fail(ParseError::OutOfRange, name);
    return std::move(value).value_or(std::string());
}

std::optional<std::string> JsonFields::optionalText(const char* name, size_t max)
{
    const Json* value = find(name);
    if (!value)
        return std::nullopt;
    if (!value->is_string()) {
        fail(ParseError::WrongType, name);
        return std::nullopt;
    }
    const std::string& text = value->get_ref<const std::string&>();
    if (text.size() > max || hasControls(text)) {
        fail(ParseError::OutOfRange, name);
        return std::nullopt;
    }
    return text;
}

std::string JsonFields::pem(const char* name, size_t max)
{
    const Json* value = find(name);
    if (!value) {
        fail(ParseError::MissingField, name);
        return {};
    }
    if (!value->is_string()) {
        fail(ParseError::WrongType, name);
        return {};
    }
    const std::string& text = value->get_ref<const std::string&>();
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= ' ' && c < 127) || c == '\n' || c == '\r';
    });
    if (!plain || text.size() > max || !text.starts_with("-----BEGIN ")) {
        fail(ParseError::OutOfRange, name);
        return {};
    }
    return text;
}

std::string JsonFields::prose(const char* name, size_t max)
{
    const Json* value = find(name);
    if (!value)
        return {};
    if (!value->is_string()) {
        fail(ParseError::WrongType, name);
        return {};
    }
    return cleanProse(value->get_ref<const std::string&>(), max);
}

uint32_t JsonFields::number(const char* name, uint32_t min, uint32_t max)
{
    const std::optional<uint32_t> value = optionalNumber(name, min, max);
    if (!value)
        fail(ParseError::MissingField, name);
    return value.value_or(min);
}

std::optional<uint32_t> JsonFields::optionalNumber(const char* name, uint32_t min, uint32_t max)
{
    const Json* value = find(name);
    if (!value)
        return std::nullopt;
    if (!value->is_number_integer()) {
        fail(ParseError::WrongType, name);
        return std::nullopt;
    }
    // A number above 2^64 is a floating point one by now; a negative one is not unsigned.
    const bool inRange = value->is_number_unsigned() && value->get<uint64_t>() >= min &&
                         value->get<uint64_t>() <= max;
    if (!inRange) {
        fail(ParseError::OutOfRange, name);
        return std::nullopt;
    }
    return static_cast<uint32_t>(value->get<uint64_t>());
}

bool JsonFields::flag(const char* name)
{
    const Json* value = find(name);
    if (!value)
        return false;
    if (!value->is_boolean())
        fail(ParseError::WrongType, name);
    return value->is_boolean() && value->get<bool>();
}

const Json& JsonFields::object(const char* name)
{
    return container(name, Json::value_t::object, EmptyObject);
}

const Json& JsonFields::requiredObject(const char* name)
{
    if (!find(name))
        fail(ParseError::MissingField, name);
    return object(name);
}

const Json& JsonFields::list(const char* name, size_t max)
{
    const Json& found = container(name, Json::value_t::array, EmptyList);
    if (found.size() <= max)
        return found;
    fail(ParseError::TooMany, name);
    return EmptyList;
}

std::string JsonFields::pathOf(const char* name) const
{
    return m_path.empty() ? std::string(name) : m_path + '.' + name;
}

std::string JsonFields::pathOf(const char* name, size_t index) const
{
    return pathOf(name) + '[' + std::to_string(index) + ']';
}

const Json* JsonFields::find(const char* name) const
{
    const auto it = m_object->find(name);
    return it == m_object->end() || it->is_null() ? nullptr : &*it;
}

const Json& JsonFields::container(const char* name, Json::value_t type, const Json& whenMissing)
{
    const Json* value = find(name);
    if (!value)
        return whenMissing;
    if (value->type() == type)
        return *value;
    fail(ParseError::WrongType, name);
    return whenMissing;
}

} // namespace sallyport::wire
