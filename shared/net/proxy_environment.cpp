#include <sallyport/net/address.h>
#include <sallyport/net/dialer.h>
#include <sallyport/wire/http_head.h>

#include <QByteArray>
#include <QUrl>

#include <algorithm>
#include <charconv>
#include <utility>

namespace sallyport::net {

namespace {

constexpr uint16_t DefaultProxyPort = 80;

// The first of the variables that is set to something.
std::pair<const char*, std::string> firstOf(std::initializer_list<const char*> names)
{
    for (const char* name : names) {
        const QByteArray value = qgetenv(name).trimmed();
        if (!value.isEmpty())
            return {name, value.toStdString()};
    }
    return {};
}

// --- NO_PROXY ---

bool isInNetwork(std::string_view entry, const Address& address)
{
    const size_t slash = entry.find('/');
    if (slash == std::string_view::npos)
        return false;
    const auto network = Address::fromText(entry.substr(0, slash), 0);
    const std::string_view digits = entry.substr(slash + 1);
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (!network || error != std::errc() || end != digits.data() + digits.size())
        return false;
    const std::string_view a = network->ipBytes();
    const std::string_view b = address.ipBytes();
    if (a.size() != b.size() || bits > a.size() * 8)
        return false;
    if (a.substr(0, bits / 8) != b.substr(0, bits / 8))
        return false;
    if (bits % 8 == 0)
        return true;
    const unsigned shift = 8 - bits % 8;
    return (static_cast<unsigned char>(a[bits / 8]) >> shift) ==
           (static_cast<unsigned char>(b[bits / 8]) >> shift);
}

std::string_view withoutPort(std::string_view entry)
{
    if (!entry.empty() && entry.front() == '[') {
        const size_t end = entry.find(']');
        return end == std::string_view::npos ? entry : entry.substr(1, end - 1);
    }
    const size_t colon = entry.find(':');
    return colon != std::string_view::npos && entry.rfind(':') == colon ? entry.substr(0, colon)
                                                                        : entry;
}

bool isNameOrBelow(std::string_view entry, std::string_view host)
{
    if (entry.starts_with("*."))
        entry.remove_prefix(1);
    if (entry.starts_with('.'))
        entry.remove_prefix(1);
    if (entry.empty() || host.size() < entry.size())
        return false;
    if (!wire::equalsIgnoringCase(host.substr(host.size() - entry.size()), entry))
        return false;
    return host.size() == entry.size() || host[host.size() - entry.size() - 1] == '.';
}

bool excludes(std::string_view entry, std::string_view host, const std::optional<Address>& address)
{
    if (entry == "*")
        return true;
    if (!address)
        return isNameOrBelow(withoutPort(entry), host);
    if (isInNetwork(entry, *address))
        return true;
    const auto named = Address::fromText(withoutPort(entry), 0);
    return named && named->ipBytes() == address->ipBytes();
}

bool isExcluded(std::string_view host)
{
    const auto address = Address::fromText(host, 0);
    if ((address && address->isLoopback()) || isNameOrBelow("localhost", host))
        return true;
    const std::string list = firstOf({"NO_PROXY", "no_proxy"}).second;
    constexpr std::string_view separators = ", \t";
    for (size_t begin = list.find_first_not_of(separators); begin != std::string::npos;) {
        const size_t end = std::min(list.find_first_of(separators, begin), list.size());
        if (excludes(std::string_view(list).substr(begin, end - begin), host, address))
            return true;
        begin = list.find_first_not_of(separators, end);
    }
    return false;
}

// --- the proxy's URL ---

std::optional<wire::ProxyCredentials> credentialsOf(const QUrl& url)
{
    if (url.userName().isEmpty() && url.password().isEmpty())
        return std::nullopt;
    return wire::ProxyCredentials{url.userName(QUrl::FullyDecoded).toStdString(),
                                  Secret(url.password(QUrl::FullyDecoded).toStdString())};
}

Result<std::optional<HttpProxy>, std::string> parse(const char* variable, const std::string& value)
{
    const std::string name(variable);
    const bool hasScheme = value.find("://") != std::string::npos;
    const QUrl url(QString::fromStdString(hasScheme ? value : "http://" + value), QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty() || url.port(DefaultProxyPort) == 0)
        return Failure(name + " is no proxy address: write it as http://HOST:PORT, with "
                              "USER:PASSWORD@ before the host where the proxy asks for it (and "
                              "special characters as %XX)");
    if (url.scheme() != QLatin1String("http"))
        return Failure(name + " names a " + url.scheme().toStdString() +
                       " proxy: only http:// proxies can be used");
    return std::optional(HttpProxy{url.host().toStdString(),
                                   static_cast<uint16_t>(url.port(DefaultProxyPort)),
                                   credentialsOf(url)});
}

} // namespace

Result<std::optional<HttpProxy>, std::string> proxyFromEnvironment(std::string_view host)
{
    const auto [variable, value] =
        firstOf({"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"});
    if (value.empty() || isExcluded(host))
        return std::optional<HttpProxy>();
    return parse(variable, value);
}

} // namespace sallyport::net
