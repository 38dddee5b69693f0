// A YAML file of one key that holds a list (tokens.yaml, tenants.yaml), changed item by item while
// keeping what a person wrote around it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::auth {

// The text with one more item, or without item `index`. `item` is indented by two. Nothing when the
// text is not laid out in a way that can be edited with certainty: then the file is written anew.
std::optional<std::string> withItem(std::string_view text, std::string_view key,
                                    std::string_view item);
std::optional<std::string> withoutItem(std::string_view text, size_t index);

} // namespace sallyport::auth
