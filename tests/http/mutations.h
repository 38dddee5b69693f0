// Valid connections to start from, and small hostile changes to them.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::http {

std::vector<std::string> validRequests();
std::vector<std::string> validResponses();

// Changes one to four places: bytes, separators, whole lines, numbers, and pieces of `other`.
std::string mutate(std::string text, std::string_view other, std::mt19937& random);

} // namespace sallyport::http
