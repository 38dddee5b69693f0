// Host names and authorities (host[:port]) as they stand in requests and in configuration.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sallyport::http {

// A host in the form to compare and to route by: lower case, no port, no trailing dot; an IPv6
// literal keeps its brackets. Holds its bytes itself, so it needs no allocation and outlives the
// buffer.
class HostName
{
public:
    static constexpr size_t MaxSize = 253;

    HostName() = default;
    std::string_view view() const { return {m_text.data(), m_size}; }
    operator std::string_view() const { return view(); }
    bool empty() const { return m_size == 0; }
    void clear() { m_size = 0; }

    // Takes the host of an authority, as normaliseHost() describes. On false the name is empty.
    bool assign(std::string_view authority);

private:
    bool assignName(std::string_view name);
    std::array<char, MaxSize> m_text;
    uint8_t m_size = 0;
};

// Reads `host[:port]`: a name, an IPv4 address or a bracketed IPv6 address, without user
// information and without percent-encoding. Labels may hold letters, digits, hyphens and
// underscores. Nothing when it is anything else, empty included.
std::optional<HostName> normaliseHost(std::string_view authority);

// The port of an authority that normaliseHost accepted, when one is given.
std::optional<uint16_t> portOf(std::string_view authority);

// One label that a tunnel may be called by: ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$
bool isValidLabel(std::string_view label);

// A full name of such labels, at most 253 bytes, without a trailing dot, and not an IPv4 address.
bool isValidHostname(std::string_view name);

} // namespace sallyport::http
