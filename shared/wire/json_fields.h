// Reads the fields of one JSON object, remembering the first thing that is wrong. Private to this
// library.
#pragma once

#include <sallyport/wire/message_codec.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace sallyport::wire {

using Json = nlohmann::json;

// Shared by all objects of one message. The first problem stays; readers go on with empty values,
// so that no caller has to look before the end.
struct Problem
{
    std::optional<ParseFailure> failure;

    bool any() const { return failure.has_value(); }
    void set(ParseError error, std::string where);
};

class JsonFields
{
public:
    // `object` must outlive this. When it is no object, that is the problem.
    JsonFields(const Json& object, std::string path, Problem& problem);

    // Texts have at most `max` bytes and no control characters. A null field is a missing one.
    std::string text(const char* name, size_t max); // must be there and not be empty
    std::optional<std::string> optionalText(const char* name, size_t max);
    std::string prose(const char* name, size_t max); // cleaned and cut; "" when missing
    // One or more PEM blocks: printable ASCII in lines.
    std::string pem(const char* name, size_t max);
    uint32_t number(const char* name, uint32_t min, uint32_t max);
    std::optional<uint32_t> optionalNumber(const char* name, uint32_t min, uint32_t max);
    bool flag(const char* name);          // false when missing
    const Json& object(const char* name); // an empty object when missing
    const Json& requiredObject(const char* name);
    const Json& list(const char* name, size_t max); // an empty list when missing

    void fail(ParseError error, const char* name) { m_problem.set(error, pathOf(name)); }
    std::string pathOf(const char* name) const;
    // For the elements of a list.
    std::string pathOf(const char* name, size_t index) const;

private:
    const Json* find(const char* name) const;
    const Json& container(const char* name, Json::value_t type, const Json& whenMissing);

    const Json* m_object;
    std::string m_path;
    Problem& m_problem;
};

} // namespace sallyport::wire
