// Text as a scalar of YAML. Internal.
#pragma once

#include <string>
#include <string_view>

namespace sallyport::control {

// In double quotes, whatever it holds.
std::string yamlQuoted(std::string_view text);
// Without quotes where nothing in it means anything to YAML.
std::string plainOrQuoted(std::string_view text);

} // namespace sallyport::control
