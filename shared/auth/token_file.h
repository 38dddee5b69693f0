// The text of tokens.yaml: reading it, and changing it while keeping what a person wrote around it.
#pragma once

#include <sallyport/auth/token_set.h>
#include <sallyport/base/result.h>
#include <sallyport/config/problem.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::auth {

// The whole file, without comments of its own but with an explanation on top.
std::string wholeFile(const std::vector<TokenRecord>& records);

// The text with one more item, or without item `index`. Nothing when the text is not laid out in a
// way that can be edited with certainty: then wholeFile() is the way.
std::optional<std::string> withItem(std::string_view text, const TokenRecord& record);
std::optional<std::string> withoutItem(std::string_view text, size_t index);

// The rule of a token's name.
bool isTenantName(std::string_view name);

} // namespace sallyport::auth
