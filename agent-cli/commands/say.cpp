#include "say.h"

#include <algorithm>
#include <cstdio>
#include <string>

namespace sallyport::cli {

void say(std::string_view text)
{
    while (!text.empty()) {
        const size_t end = std::min(text.find('\n'), text.size());
        const std::string line = "sallyport: " + std::string(text.substr(0, end)) + "\n";
        std::fwrite(line.data(), 1, line.size(), stderr);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

int complain(int code, std::string_view text)
{
    say(text);
    return code;
}

} // namespace sallyport::cli
