#include <sallyport/config/addresses.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

namespace sallyport::config {

namespace {

std::optional<unsigned> number(std::string_view text, unsigned most)
{
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || value > most)
        return {};
    return value;
}

struct HostAndPort
{
    std::string_view host;
    std::optional<std::string_view> port;
    bool bracketed = false;
};

// "host:port", "[v6]:port", or without ":port". Fails with a sentence.
Result<HostAndPort, std::string> split(std::string_view text)
{
    HostAndPort result;
    if (text.starts_with('[')) {
        const size_t end = text.find(']');
        if (end == std::string_view::npos)
            return Failure(std::string("has a [ without its ]"));
        result.host = text.substr(1, end - 1);
        result.bracketed = true;
        const std::string_view rest = text.substr(end + 1);
        if (!rest.empty() && rest[0] != ':')
            return Failure(std::string("has something other than :port behind the ]"));
        if (!rest.empty())
            result.port = rest.substr(1);
        const auto address = IpAddress::parse(result.host);
        if (!address || result.host.find(':') == std::string_view::npos)
            return Failure(std::string("needs an IPv6 address between [ and ]"));
        return result;
    }
    const size_t colon = text.find(':');
    result.host = text.substr(0, colon);
    if (colon == std::string_view::npos)
        return result;
    result.port = text.substr(colon + 1);
    if (result.port->find(':') != std::string_view::npos)
        return Failure(std::string("write an IPv6 address in brackets, like [::1]:80"));
    return result;
}

// A name to look up, in lower case; empty when it can be none. Underscores are let through: names
// of containers and of Windows machines have them.
std::string lookupName(std::string_view text)
{
    std::string host(text);
    const auto fits = [](char& c) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    };
    if (host.empty() || host.size() > 253 || !std::all_of(host.begin(), host.end(), fits) ||
        host.front() == '.' || host.front() == '-' || host.find("..") != std::string::npos)
        return {};
    return host;
}

std::string joined(const std::string& host, uint16_t port)
{
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

} // namespace

Result<uint16_t, std::string> parsePort(std::string_view text)
{
    const auto port = number(text, 65535);
    if (!port || *port == 0)
        return Failure(std::string("is not a port (1 to 65535)"));
    return static_cast<uint16_t>(*port);
}

Result<Network, std::string> Network::parse(std::string_view text)
{
    const size_t slash = text.find('/');
    const auto address = IpAddress::parse(text.substr(0, slash));
    if (!address)
        return Failure(std::string("is not a network: write 10.0.0.0/8, fd00::/8 or one address"));
    Network network;
    network.m_address = *address;
    const auto bits = static_cast<unsigned>(address->size() * 8);
    network.m_prefix = static_cast<int>(bits);
    if (slash == std::string_view::npos)
        return network;
    const auto prefix = number(text.substr(slash + 1), bits);
    if (!prefix)
        return Failure("needs a prefix of 0 to " + std::to_string(bits) + " behind the /");
    network.m_prefix = static_cast<int>(*prefix);
    // A host's address with a short prefix is nearly always a slip in one of the two.
    for (unsigned bit = *prefix; bit < bits; ++bit)
        if (address->bytes()[bit / 8] & (0x80u >> (bit % 8)))
            return Failure(
                std::string("has bits set behind its prefix: write the network's own address"));
    return network;
}

bool Network::contains(const IpAddress& address) const
{
    if (address.isV6() != m_address.isV6())
        return false;
    const auto whole = static_cast<size_t>(m_prefix / 8);
    for (size_t i = 0; i < whole; ++i)
        if (address.bytes()[i] != m_address.bytes()[i])
            return false;
    const int rest = m_prefix % 8;
    if (rest == 0)
        return true;
    const auto mask = static_cast<uint8_t>(0xff00u >> rest);
    return (address.bytes()[whole] & mask) == (m_address.bytes()[whole] & mask);
}

std::string Network::text() const
{
    const bool single = m_prefix == static_cast<int>(m_address.size() * 8);
    return m_address.text() + (single ? "" : "/" + std::to_string(m_prefix));
}

Result<ListenAddress, std::string> ListenAddress::parse(std::string_view text)
{
    if (number(text, 65535))
        return Failure("is a port alone: write :" + std::string(text) +
                       " for all addresses, or 127.0.0.1:" + std::string(text) +
                       " for this machine only");
    const auto parts = split(text);
    if (!parts)
        return Failure(parts.error());
    ListenAddress address;
    if (!parts->port)
        return Failure(std::string("has no port: write ADDRESS:PORT, like 127.0.0.1:7500 or :80"));
    const auto port = number(*parts->port, 65535);
    if (!port)
        return Failure(std::string("has no valid port (0 to 65535) behind the colon"));
    address.port = static_cast<uint16_t>(*port);
    if (parts->host.empty() || parts->host == "*")
        return address;
    const auto ip = IpAddress::parse(parts->host);
    if (!ip)
        return Failure(
            parts->host == "localhost"
                ? std::string("needs an IP address: write 127.0.0.1 or [::1] for localhost")
                : std::string(
                      "needs an IP address in front of the port, or nothing for all addresses"));
    address.host = ip->text();
    return address;
}

bool ListenAddress::isLoopback() const
{
    const auto address = IpAddress::parse(host);
    return address && address->isLoopback();
}

std::string ListenAddress::text() const
{
    return joined(host, port);
}

Result<Endpoint, std::string> Endpoint::parse(std::string_view text, uint16_t defaultPort)
{
    // An IPv6 address without a port is clear enough to be read without brackets.
    if (const auto ip = IpAddress::parse(text); ip && ip->isV6() && defaultPort != 0)
        return Endpoint{ip->text(), defaultPort};
    const auto parts = split(text);
    if (!parts)
        return Failure(parts.error());
    Endpoint endpoint;
    endpoint.port = defaultPort;
    if (parts->port) {
        const auto port = parsePort(*parts->port);
        if (!port)
            return Failure(std::string("has no valid port (1 to 65535) behind the colon"));
        endpoint.port = *port;
    } else if (defaultPort == 0) {
        return Failure(std::string("has no port: write HOST:PORT"));
    }
    if (const auto ip = IpAddress::parse(parts->host)) {
        endpoint.host = ip->text();
        return endpoint;
    }
    endpoint.host = lookupName(parts->host);
    if (endpoint.host.empty())
        return Failure(std::string("needs a host name or an IP address in front of the port"));
    return endpoint;
}

std::string Endpoint::text() const
{
    return joined(host, port);
}

} // namespace sallyport::config
