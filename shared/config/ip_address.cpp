#include <sallyport/config/addresses.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>
#include <system_error>

namespace sallyport::config {

namespace {

using V4 = std::array<uint8_t, 4>;
using V6 = std::array<uint8_t, 16>;

// Four decimal numbers without leading zeros (some systems read those as octal).
std::optional<V4> parseV4(std::string_view text)
{
    V4 bytes{};
    for (size_t i = 0; i < 4; ++i) {
        const size_t dot = i < 3 ? text.find('.') : text.size();
        if (dot == std::string_view::npos || dot == 0 || dot > 3)
            return {};
        const std::string_view part = text.substr(0, dot);
        unsigned number = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
        if (error != std::errc() || end != part.data() + part.size() || number > 255 ||
            (part.size() > 1 && part[0] == '0'))
            return {};
        bytes[i] = static_cast<uint8_t>(number);
        text.remove_prefix(i < 3 ? dot + 1 : dot);
    }
    return bytes;
}

bool takeGroup(std::string_view part, V6& bytes, size_t& used)
{
    unsigned number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number, 16);
    if (part.empty() || part.size() > 4 || error != std::errc() || end != part.data() + part.size())
        return false;
    bytes[used] = static_cast<uint8_t>(number >> 8);
    bytes[used + 1] = static_cast<uint8_t>(number & 0xff);
    used += 2;
    return true;
}

// Groups between colons into the front of `bytes`; how many bytes they fill. The last may be an
// IPv4 address (RFC 4291 section 2.2).
std::optional<size_t> parseGroups(std::string_view text, V6& bytes)
{
    size_t used = 0;
    while (!text.empty()) {
        const size_t colon = text.find(':');
        const std::string_view part = text.substr(0, colon);
        if (part.find('.') != std::string_view::npos) {
            const auto v4 = parseV4(part);
            if (!v4 || colon != std::string_view::npos || used > 12)
                return {};
            std::copy(v4->begin(), v4->end(), bytes.begin() + static_cast<ptrdiff_t>(used));
            return used + 4;
        }
        if (used > 14 || !takeGroup(part, bytes, used))
            return {};
        if (colon == std::string_view::npos)
            return used;
        text.remove_prefix(colon + 1);
        if (text.empty())
            return {};
    }
    return used;
}

std::optional<V6> parseV6(std::string_view text)
{
    V6 bytes{};
    const size_t gap = text.find("::");
    if (gap == std::string_view::npos) {
        const auto used = parseGroups(text, bytes);
        return used == 16 ? std::optional(bytes) : std::nullopt;
    }
    V6 tail{};
    const auto head = parseGroups(text.substr(0, gap), bytes);
    const auto rest = parseGroups(text.substr(gap + 2), tail);
    if (!head || !rest || *head + *rest > 14 ||
        text.substr(0, gap).find('.') != std::string_view::npos)
        return {};
    std::copy_n(tail.begin(), *rest, bytes.end() - static_cast<ptrdiff_t>(*rest));
    return bytes;
}

// RFC 5952: the longest run of zero groups, the first of several, as "::".
std::string v6Text(const V6& bytes)
{
    std::array<unsigned, 8> groups{};
    for (size_t i = 0; i < 8; ++i)
        groups[i] = static_cast<unsigned>(bytes[2 * i] << 8) | bytes[2 * i + 1];
    size_t gap = 8;
    size_t gapLength = 1; // one zero group alone is written as 0
    for (size_t i = 0; i < 8; ++i) {
        size_t n = 0;
        while (i + n < 8 && groups[i + n] == 0)
            ++n;
        if (n > gapLength) {
            gap = i;
            gapLength = n;
        }
    }
    std::string text;
    for (size_t i = 0; i < 8;) {
        if (i == gap) {
            text += "::";
            i += gapLength;
            continue;
        }
        if (!text.empty() && text.back() != ':')
            text += ':';
        char group[8];
        std::snprintf(group, sizeof(group), "%x", groups[i]);
        text += group;
        ++i;
    }
    return text;
}

} // namespace

IpAddress IpAddress::v4(const std::array<uint8_t, 4>& bytes)
{
    IpAddress address;
    std::copy(bytes.begin(), bytes.end(), address.m_bytes.begin());
    return address;
}

IpAddress IpAddress::v6(const std::array<uint8_t, 16>& bytes)
{
    constexpr std::array<uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (std::equal(mapped.begin(), mapped.end(), bytes.begin()))
        return v4({bytes[12], bytes[13], bytes[14], bytes[15]});
    IpAddress address;
    address.m_v6 = true;
    address.m_bytes = bytes;
    return address;
}

Result<IpAddress, std::string> IpAddress::parse(std::string_view text)
{
    if (const auto bytes = parseV4(text))
        return v4(*bytes);
    if (text.find(':') != std::string_view::npos)
        if (const auto bytes = parseV6(text))
            return v6(*bytes);
    return Failure(std::string("is not an IP address"));
}

bool IpAddress::isLoopback() const
{
    if (!m_v6)
        return m_bytes[0] == 127;
    return m_bytes == std::array<uint8_t, 16>{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
}

std::string IpAddress::text() const
{
    if (m_v6)
        return v6Text(m_bytes);
    std::string text;
    for (size_t i = 0; i < 4; ++i)
        text += (i > 0 ? "." : "") + std::to_string(m_bytes[i]);
    return text;
}

} // namespace sallyport::config
