// What commands say to people, on standard error; standard output is for results.
#pragma once

#include <string_view>

namespace sallyport::cli {

// "sallyport: " and the sentence; several lines are said one by one.
void say(std::string_view text);
// The same, and returns the code, for `return complain(Usage, "...")`.
int complain(int code, std::string_view text);

} // namespace sallyport::cli
