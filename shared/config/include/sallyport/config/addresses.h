// Addresses in configurations: IP addresses, networks, and host:port in its several uses.
// Only text and numbers: nothing is resolved here.
#pragma once

#include <sallyport/base/result.h>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::config {

// An IPv4 or IPv6 address in network order. An IPv4-mapped IPv6 address (::ffff:1.2.3.4) is the
// IPv4 address, so that one rule holds for a visitor whichever socket they came through.
class IpAddress
{
public:
    IpAddress() = default; // 0.0.0.0
    static IpAddress v4(const std::array<uint8_t, 4>& bytes);
    static IpAddress v6(const std::array<uint8_t, 16>& bytes);
    static Result<IpAddress, std::string> parse(std::string_view text);

    bool isV6() const { return m_v6; }
    bool isLoopback() const;
    // Network order; the first size() bytes count.
    const std::array<uint8_t, 16>& bytes() const { return m_bytes; }
    size_t size() const { return m_v6 ? 16 : 4; }
    std::string text() const;

    auto operator<=>(const IpAddress&) const = default;

private:
    bool m_v6 = false;
    std::array<uint8_t, 16> m_bytes{};
};

// "10.0.0.0/8", "fd00::/8", or one address. Bits behind the prefix must be zero.
class Network
{
public:
    static Result<Network, std::string> parse(std::string_view text);
    bool contains(const IpAddress& address) const;
    std::string text() const;

    bool operator==(const Network&) const = default;

private:
    IpAddress m_address;
    int m_prefix = 0;
};

// Where to listen: "127.0.0.1:7500", "[::1]:80", ":80" and "*:80" (all addresses of both families).
// Port 0 is any free one.
struct ListenAddress
{
    std::string host; // an IP address without brackets; empty is all
    uint16_t port = 0;

    static Result<ListenAddress, std::string> parse(std::string_view text);
    bool isLoopback() const;
    std::string text() const;

    bool operator==(const ListenAddress&) const = default;
};

// A host to connect to: a name or an IP address, and a port.
struct Endpoint
{
    std::string host; // without brackets
    uint16_t port = 0;

    // "host:port", "[::1]:port"; "host" alone only when there is a default port (not 0).
    static Result<Endpoint, std::string> parse(std::string_view text, uint16_t defaultPort = 0);
    std::string text() const;

    bool operator==(const Endpoint&) const = default;
};

// 1 to 65535.
Result<uint16_t, std::string> parsePort(std::string_view text);

} // namespace sallyport::config
