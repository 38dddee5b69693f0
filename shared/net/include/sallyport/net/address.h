// A numeric socket address: IPv4 or IPv6 with a port, or a Unix socket path.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::net {

class Address
{
public:
    Address() = default; // unspecified
    static Address fromNative(const sockaddr* native, socklen_t length);
    // "127.0.0.1", "::1", "[::1]"; no names: those are looked up, see Resolver.
    static std::optional<Address> fromText(std::string_view host, uint16_t port);
    // Fails for paths longer than the system's limit (107 bytes on Linux).
    static std::optional<Address> unixPath(std::string_view path);
    static Address anyIpv4(uint16_t port);
    static Address anyIpv6(uint16_t port); // takes IPv4 visitors too, where the system maps them

    bool isNull() const { return m_length == 0; }
    int family() const { return m_storage.ss_family; }
    uint16_t port() const;
    bool isLoopback() const;
    // The address alone, without brackets; IPv4-mapped IPv6 as plain IPv4.
    std::string host() const;
    // "127.0.0.1:80", "[::1]:80", "unix:/path".
    std::string toString() const;
    // 4 or 16 bytes in network order (IPv4-mapped as 4); empty for others.
    std::string_view ipBytes() const;

    const sockaddr* native() const { return reinterpret_cast<const sockaddr*>(&m_storage); }
    socklen_t nativeLength() const { return m_length; }

private:
    bool isMapped() const;
    sockaddr_storage m_storage{};
    socklen_t m_length = 0;
};

} // namespace sallyport::net
