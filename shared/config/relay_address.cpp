#include <sallyport/config/agent_config.h>

#include <array>
#include <utility>

namespace sallyport::config {

namespace {

struct Scheme
{
    std::string_view prefix;
    Transport transport;
    uint16_t port;
};
constexpr std::array schemes{Scheme{"tls://", Transport::Tls, RelayAddress::DefaultPort},
                             Scheme{"tcp://", Transport::Tcp, RelayAddress::DefaultPort},
                             Scheme{"wss://", Transport::Wss, RelayAddress::DefaultWssPort}};

} // namespace

std::string_view toText(Transport transport)
{
    switch (transport) {
    case Transport::Tls:
        return "tls";
    case Transport::Wss:
        return "wss";
    case Transport::Tcp:
        return "tcp";
    case Transport::Auto:
        break;
    }
    return "auto";
}

Result<RelayAddress, std::string> RelayAddress::parse(std::string_view text)
{
    if (text.starts_with("sallyport://"))
        return Failure(
            std::string("is a join line, which holds a secret: give it to `sallyport login`"));
    RelayAddress address;
    for (const Scheme& scheme : schemes) {
        if (!text.starts_with(scheme.prefix))
            continue;
        address.transport = scheme.transport;
        address.port = scheme.port;
        text.remove_prefix(scheme.prefix.size());
        break;
    }
    if (text.find("://") != std::string_view::npos)
        return Failure(std::string(
            "has an unknown scheme: write HOST, HOST:PORT, or a tls://, wss:// or tcp:// URL"));
    if (const size_t slash = text.find('/'); slash != std::string_view::npos) {
        address.path = std::string(text.substr(slash));
        text = text.substr(0, slash);
    }
    if (address.path == "/")
        address.path.clear();
    if (!address.path.empty() && address.transport != Transport::Wss)
        return Failure(std::string("takes a path only as a wss:// URL"));
    if (address.path.find_first_of(" ?#\r\n\t") != std::string::npos || address.path.size() > 1000)
        return Failure(std::string("has a path that is none"));
    if (address.transport == Transport::Wss && address.path.empty())
        address.path = std::string(DefaultWssPath);
    auto endpoint = Endpoint::parse(text, address.port);
    if (!endpoint)
        return Failure(endpoint.error());
    address.host = std::move(endpoint->host);
    address.port = endpoint->port;
    return address;
}

std::string RelayAddress::text() const
{
    std::string result = Endpoint{host, port}.text();
    if (transport != Transport::Auto)
        result = std::string(toText(transport)) + "://" + result;
    return result + (path == DefaultWssPath ? "" : path);
}

} // namespace sallyport::config
