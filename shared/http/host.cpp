#include "syntax.h"

#include <sallyport/http/host.h>

namespace sallyport::http {

// Lower case of a character that may stand in a host's label, 0 for all others.
static constexpr auto HostChars = [] {
    std::array<char, 256> table{};
    for (std::string_view part : {Digits, Letters, std::string_view("-_")})
        for (char c : part)
            table[static_cast<unsigned char>(c)] = toLower(c);
    return table;
}();

static constexpr size_t MaxLabel = 63;

static bool isIpv4(std::string_view text)
{
    int parts = 0;
    while (true) {
        size_t digits = 0;
        int value = 0;
        while (digits < text.size() && digits < 4 && isDigit(text[digits]))
            value = value * 10 + (text[digits++] - '0');
        const bool leadingZero = digits > 1 && text[0] == '0';
        if (digits == 0 || value > 255 || leadingZero)
            return false;
        text.remove_prefix(digits);
        if (++parts == 4)
            return text.empty();
        if (text.empty() || text.front() != '.')
            return false;
        text.remove_prefix(1);
    }
}

// RFC 3986 section 3.2.2, without zone.
static bool isIpv6(std::string_view text)
{
    const auto isHex = [](char c) {
        return isDigit(c) || (toLower(c) >= 'a' && toLower(c) <= 'f');
    };
    int groups = 0;
    bool gap = false;
    if (text.starts_with("::")) {
        gap = true;
        text.remove_prefix(2);
    }
    while (!text.empty()) {
        size_t digits = 0;
        while (digits < text.size() && isHex(text[digits]))
            ++digits;
        if (digits < text.size() && text[digits] == '.') {
            groups += 2;
            return isIpv4(text) && (gap ? groups < 8 : groups == 8);
        }
        if (digits == 0 || digits > 4 || ++groups > 8)
            return false;
        text.remove_prefix(digits);
        if (text.empty())
            break;
        if (text.starts_with("::")) {
            if (gap)
                return false;
            gap = true;
            text.remove_prefix(2);
        } else if (text.size() > 1 && text.front() == ':') {
            text.remove_prefix(1);
        } else {
            return false;
        }
    }
    return gap ? groups < 8 : groups == 8;
}

static bool isPort(std::string_view digits)
{
    unsigned value = 0;
    for (char c : digits) {
        if (!isDigit(c))
            return false;
        value = value * 10 + static_cast<unsigned>(c - '0');
        if (value > 65535)
            return false;
    }
    return true;
}

namespace {
struct Split
{
    std::string_view host;
    std::string_view port;
    bool valid = true;
};
} // namespace

static Split splitAuthority(std::string_view authority)
{
    size_t hostSize = 0;
    if (authority.starts_with('[')) {
        const size_t end = authority.find(']');
        if (end == authority.npos)
            return {{}, {}, false};
        hostSize = end + 1;
    } else {
        hostSize = std::min(authority.find(':'), authority.size());
    }
    const std::string_view rest = authority.substr(hostSize);
    if (rest.empty())
        return {authority, {}, true};
    const std::string_view port = rest.substr(1);
    return {authority.substr(0, hostSize), port, rest.front() == ':' && isPort(port)};
}

bool HostName::assign(std::string_view authority)
{
    m_size = 0;
    const auto [host, port, valid] = splitAuthority(authority);
    if (!valid || host.empty() || host.size() > MaxSize + 1)
        return false;
    if (host.front() != '[')
        return assignName(host.back() == '.' ? host.substr(0, host.size() - 1) : host);
    if (host.size() > MaxSize || !isIpv6(host.substr(1, host.size() - 2)))
        return false;
    std::transform(host.begin(), host.end(), m_text.begin(), toLower);
    m_size = static_cast<uint8_t>(host.size());
    return true;
}

bool HostName::assignName(std::string_view name)
{
    if (name.size() > MaxSize)
        return false;
    size_t label = 0;
    for (size_t i = 0; i < name.size(); ++i) {
        const char lower = HostChars[static_cast<unsigned char>(name[i])];
        if (lower != 0 && ++label <= MaxLabel) {
            m_text[i] = lower;
        } else if (name[i] == '.' && label > 0) {
            m_text[i] = '.';
            label = 0;
        } else {
            return false;
        }
    }
    if (label == 0)
        return false;
    m_size = static_cast<uint8_t>(name.size());
    return true;
}

std::optional<HostName> normaliseHost(std::string_view authority)
{
    std::optional<HostName> name(std::in_place);
    if (!name->assign(authority))
        name.reset();
    return name;
}

std::optional<uint16_t> portOf(std::string_view authority)
{
    const auto [host, port, valid] = splitAuthority(authority);
    if (!valid || port.empty())
        return {};
    unsigned value = 0;
    for (char c : port)
        value = value * 10 + static_cast<unsigned>(c - '0');
    return static_cast<uint16_t>(value);
}

bool isValidLabel(std::string_view label)
{
    const auto isAlnum = [](char c) { return isDigit(c) || (c >= 'a' && c <= 'z'); };
    if (label.empty() || label.size() > MaxLabel || !isAlnum(label.front()) ||
        !isAlnum(label.back()))
        return false;
    return std::all_of(label.begin(), label.end(), [&](char c) { return isAlnum(c) || c == '-'; });
}

bool isValidHostname(std::string_view name)
{
    if (name.size() > HostName::MaxSize || isIpv4(name))
        return false;
    while (true) {
        const size_t dot = std::min(name.find('.'), name.size());
        if (!isValidLabel(name.substr(0, dot)))
            return false;
        if (dot == name.size())
            return true;
        name.remove_prefix(dot + 1);
    }
}

} // namespace sallyport::http
