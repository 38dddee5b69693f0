// "Did you mean ...?"
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sallyport::config {

// The candidate that a typing slip would turn into `typed`: at most two edits (an exchange of two
// neighbours is one), and fewer than half of its letters. Empty when none is near.
std::string closest(std::string_view typed, const std::vector<std::string>& candidates);

// `, did you mean "x"?`, or nothing.
std::string suggestion(std::string_view typed, const std::vector<std::string>& candidates);

} // namespace sallyport::config
