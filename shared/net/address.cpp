#include <sallyport/net/address.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>

namespace sallyport::net {

namespace {
const sockaddr_in* v4(const sockaddr_storage& s)
{
    return reinterpret_cast<const sockaddr_in*>(&s);
}
const sockaddr_in6* v6(const sockaddr_storage& s)
{
    return reinterpret_cast<const sockaddr_in6*>(&s);
}
} // namespace

Address Address::fromNative(const sockaddr* native, socklen_t length)
{
    Address address;
    address.m_length = std::min<socklen_t>(length, sizeof address.m_storage);
    std::memcpy(&address.m_storage, native, address.m_length);
    return address;
}

std::optional<Address> Address::fromText(std::string_view host, uint16_t port)
{
    const bool brackets = host.size() >= 2 && host.front() == '[' && host.back() == ']';
    if (brackets)
        host = host.substr(1, host.size() - 2);
    if (host.find('\0') != std::string_view::npos)
        return std::nullopt;
    const std::string text(host);
    sockaddr_in ipv4{};
    sockaddr_in6 ipv6{};
    if (!brackets && ::inet_pton(AF_INET, text.c_str(), &ipv4.sin_addr) == 1) {
        ipv4.sin_family = AF_INET;
        ipv4.sin_port = htons(port);
        return fromNative(reinterpret_cast<sockaddr*>(&ipv4), sizeof ipv4);
    }
    if (::inet_pton(AF_INET6, text.c_str(), &ipv6.sin6_addr) == 1) {
        ipv6.sin6_family = AF_INET6;
        ipv6.sin6_port = htons(port);
        return fromNative(reinterpret_cast<sockaddr*>(&ipv6), sizeof ipv6);
    }
    return std::nullopt;
}

std::optional<Address> Address::unixPath(std::string_view path)
{
    sockaddr_un local{};
    if (path.empty() || path.size() >= sizeof local.sun_path)
        return std::nullopt;
    local.sun_family = AF_UNIX;
    std::memcpy(local.sun_path, path.data(), path.size());
    return fromNative(reinterpret_cast<sockaddr*>(&local), sizeof local);
}

Address Address::anyIpv4(uint16_t port)
{
    return *fromText("0.0.0.0", port);
}
Address Address::anyIpv6(uint16_t port)
{
    return *fromText("::", port);
}

uint16_t Address::port() const
{
    if (family() == AF_INET)
        return ntohs(v4(m_storage)->sin_port);
    if (family() == AF_INET6)
        return ntohs(v6(m_storage)->sin6_port);
    return 0;
}

bool Address::isMapped() const
{
    return family() == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6(m_storage)->sin6_addr);
}

bool Address::isLoopback() const
{
    if (family() == AF_UNIX)
        return true;
    if (family() == AF_INET || isMapped())
        return ipBytes()[0] == 127;
    return family() == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6(m_storage)->sin6_addr);
}

std::string_view Address::ipBytes() const
{
    if (family() == AF_INET)
        return {reinterpret_cast<const char*>(&v4(m_storage)->sin_addr), 4};
    if (family() != AF_INET6)
        return {};
    const auto* bytes = reinterpret_cast<const char*>(&v6(m_storage)->sin6_addr);
    return isMapped() ? std::string_view(bytes + 12, 4) : std::string_view(bytes, 16);
}

std::string Address::host() const
{
    if (family() == AF_UNIX)
        return reinterpret_cast<const sockaddr_un*>(&m_storage)->sun_path;
    const std::string_view ip = ipBytes();
    if (ip.empty())
        return {};
    char text[INET6_ADDRSTRLEN] = {};
    ::inet_ntop(ip.size() == 4 ? AF_INET : AF_INET6, ip.data(), text, sizeof text);
    return text;
}

std::string Address::toString() const
{
    if (isNull())
        return "(none)";
    if (family() == AF_UNIX)
        return "unix:" + host();
    const bool brackets = ipBytes().size() == 16;
    return (brackets ? "[" : "") + host() + (brackets ? "]:" : ":") + std::to_string(port());
}

} // namespace sallyport::net
