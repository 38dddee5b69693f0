#include "host_name.h"

#include <openssl/err.h>

#include <algorithm>

namespace sallyport::tls {

OctetsPtr parseIpAddress(std::string_view text)
{
    if (text.find('\0') != std::string_view::npos)
        return nullptr;
    OctetsPtr address(a2i_IPADDRESS(std::string(text).c_str()));
    if (!address)
        ERR_clear_error();
    return address;
}

static bool isLabel(std::string_view label)
{
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    };
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(), allowed);
}

bool isDnsName(std::string_view text, bool wildcard)
{
    if (text.empty() || text.size() > 253)
        return false;
    if (wildcard && text.starts_with("*."))
        text.remove_prefix(2);
    while (true) {
        const size_t dot = text.find('.');
        if (!isLabel(text.substr(0, dot)))
            return false;
        if (dot == std::string_view::npos)
            return true;
        text.remove_prefix(dot + 1);
    }
}

} // namespace sallyport::tls
