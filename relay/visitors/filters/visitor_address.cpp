#include "visitors/filters/visitor_address.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace sallyport::relay {

namespace {

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

// "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]:80".
std::optional<config::IpAddress> addressOf(std::string_view entry)
{
    entry = trimmed(entry);
    if (entry.starts_with('[')) {
        const size_t end = entry.find(']');
        if (end == std::string_view::npos)
            return std::nullopt;
        entry = entry.substr(1, end - 1);
    } else if (std::count(entry.begin(), entry.end(), ':') == 1) {
        entry = entry.substr(0, entry.find(':'));
    }
    auto address = config::IpAddress::parse(entry);
    return address ? std::optional(*address) : std::nullopt;
}

} // namespace

std::optional<config::IpAddress> ipOf(const net::Address& address)
{
    const std::string_view ip = address.ipBytes();
    if (ip.size() == 4) {
        std::array<uint8_t, 4> bytes;
        std::memcpy(bytes.data(), ip.data(), ip.size());
        return config::IpAddress::v4(bytes);
    }
    if (ip.size() == 16) {
        std::array<uint8_t, 16> bytes;
        std::memcpy(bytes.data(), ip.data(), ip.size());
        return config::IpAddress::v6(bytes);
    }
    return std::nullopt;
}

std::optional<config::IpAddress> visitorAddress(const net::Address& peer, bool trusted,
                                                const http::RequestHead& head,
                                                const std::vector<config::Network>& proxies)
{
    std::optional<config::IpAddress> visitor = ipOf(peer);
    if (!trusted || !head.present.has(http::FieldId::XForwardedFor))
        return visitor;
    for (auto field = head.fields.rbegin(); field != head.fields.rend(); ++field) {
        if (field->id != http::FieldId::XForwardedFor)
            continue;
        std::string_view rest = field->value;
        while (true) {
            const size_t comma = rest.rfind(',');
            const bool last = comma == std::string_view::npos;
            visitor = addressOf(last ? rest : rest.substr(comma + 1));
            if (!visitor || !isIn(proxies, *visitor))
                return visitor;
            if (last)
                break;
            rest = rest.substr(0, comma);
        }
    }
    return visitor;
}

bool isIn(const std::vector<config::Network>& networks, const config::IpAddress& address)
{
    return std::any_of(networks.begin(), networks.end(),
                       [&](const config::Network& network) { return network.contains(address); });
}

} // namespace sallyport::relay
