// A document that is written as one {...} (JSON too), rewritten in lines, so that single entries of
// it can be edited. Internal.
#pragma once

#include <sallyport/config/document.h>

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::control {

// What stands above and below the braces stays. Nothing where a comment stands between them: it
// would be lost.
std::optional<std::string> flowToLines(std::string_view text, const config::Node& root);

} // namespace sallyport::control
