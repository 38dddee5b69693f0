#include "ip_text.h"

#include <cstddef>

namespace sallyport::wire {

namespace {

bool isNumber(std::string_view text)
{
    if (text.empty() || text.size() > 3 || (text.size() > 1 && text[0] == '0'))
        return false;
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    return value <= 255;
}

bool isHexGroup(std::string_view text)
{
    return !text.empty() && text.size() <= 4 &&
           text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// The number of 16-bit groups in a list without "::", or -1. An IPv4 address at the end counts two.
int countGroups(std::string_view text)
{
    if (text.empty())
        return 0;
    for (int groups = 0;; ++groups) {
        const size_t colon = text.find(':');
        const std::string_view group = text.substr(0, colon);
        if (colon == std::string_view::npos)
            return isIpv4(group) ? groups + 2 : isHexGroup(group) ? groups + 1 : -1;
        if (!isHexGroup(group))
            return -1;
        text.remove_prefix(colon + 1);
    }
}

} // namespace

bool isIpv4(std::string_view text)
{
    for (int i = 0; i < 3; ++i) {
        const size_t dot = text.find('.');
        if (dot == std::string_view::npos || !isNumber(text.substr(0, dot)))
            return false;
        text.remove_prefix(dot + 1);
    }
    return isNumber(text);
}

bool isIpv6(std::string_view text)
{
    const size_t gap = text.find("::");
    if (gap == std::string_view::npos)
        return countGroups(text) == 8;
    const std::string_view left = text.substr(0, gap), right = text.substr(gap + 2);
    if (left.find('.') != std::string_view::npos) // an IPv4 address stands at the very end alone
        return false;
    const int before = countGroups(left), after = countGroups(right);
    return before >= 0 && after >= 0 && before + after <= 7;
}

} // namespace sallyport::wire
