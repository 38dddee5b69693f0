// The text of tokens.yaml, written.
#pragma once

#include <sallyport/auth/token_set.h>

#include <string>
#include <vector>

namespace sallyport::auth {

// The whole file, without comments of its own but with an explanation on top.
std::string wholeFile(const std::vector<TokenRecord>& records);

} // namespace sallyport::auth
