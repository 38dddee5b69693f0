// JSON from a CA. Private to this library.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace sallyport::acme {

using Json = nlohmann::json;

// Nothing for what is no object, too large, or nested deeper than any document of RFC 8555: the
// parser takes long over brackets without end.
std::optional<Json> parseObject(std::string_view text);

} // namespace sallyport::acme
