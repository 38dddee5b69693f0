#include "json.h"

#include <sallyport/acme/exchange.h>

namespace sallyport::acme {

static bool nestsDeeper(std::string_view json, int limit)
{
    int depth = 0;
    bool inString = false;
    for (size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (inString && c == '\\')
            ++i;
        else if (c == '"')
            inString = !inString;
        else if (!inString && (c == '{' || c == '['))
            ++depth;
        else if (!inString && (c == '}' || c == ']'))
            --depth;
        if (depth > limit)
            return true;
    }
    return false;
}

std::optional<Json> parseObject(std::string_view text)
{
    constexpr int DepthLimit = 16;
    if (text.size() > Response::BodyLimit || nestsDeeper(text, DepthLimit))
        return std::nullopt;
    Json json = Json::parse(text, nullptr, false);
    if (!json.is_object())
        return std::nullopt;
    return json;
}

} // namespace sallyport::acme
