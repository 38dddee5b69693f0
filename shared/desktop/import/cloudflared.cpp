// cloudflared's config.yml: ingress rules, or one hostname and url.
#include "import/importers.h"

#include <utility>

namespace sallyport::desktop {

namespace {

using config::Node;
using config::TunnelConfig;
using config::TunnelKind;

struct Service
{
    TunnelKind kind = TunnelKind::Http;
    std::string address;
};

// Empty, with a note, when it is no service that one can publish.
std::optional<Service> serviceOf(std::string_view text, const std::string& place,
                                 ImportBuilder& builder)
{
    if (text.starts_with("http_status:") || text == "hello_world" || text == "hello-world")
        return {}; // the last rule for what no other one takes: the relay answers that itself
    if (text.starts_with("unix:"))
        return Service{TunnelKind::Http, std::string(text)};
    const size_t end = text.find("://");
    const std::string_view scheme = end == std::string_view::npos ? "" : text.substr(0, end);
    if (scheme == "http" || scheme == "https")
        return Service{TunnelKind::Http, std::string(text)};
    for (const auto& [known, port] : {std::pair<std::string_view, std::string_view>{"ssh", "22"},
                                      {"rdp", "3389"},
                                      {"smb", "445"},
                                      {"tcp", ""}}) {
        if (scheme != known)
            continue;
        std::string address(text.substr(end + 3));
        if (address.find(':') == std::string::npos && !port.empty())
            address += ":" + std::string(port);
        return Service{TunnelKind::Tcp, std::move(address)};
    }
    builder.note(place, "Left out: this kind of service is not known here.");
    return {};
}

void noteSettings(const Node& rule, const std::string& place, ImportBuilder& builder)
{
    if (!textOf(rule, "path").empty())
        builder.note(place + ".path", "Not taken over: a tunnel serves all paths of its host.");
    const Node* request = rule.find("originRequest");
    if (!request)
        return;
    builder.noteOthers(*request, {"httpHostHeader", "access", "http2Origin"},
                       place + ".originRequest");
}

// `whole` holds for all rules.
ImportProtection protectionOf(const Node& rule, const Node& whole)
{
    ImportProtection protection;
    for (const Node* place : {&rule, &whole})
        if (const Node* request = place->find("originRequest");
            request && request->find("access") && protection.lost.empty())
            protection.lost.emplace_back("access");
    return protection;
}

void importRule(const Node& rule, const Node& whole, std::string_view service,
                const std::string& place, const std::string& serviceKey, ImportBuilder& builder)
{
    auto found = serviceOf(service, place + serviceKey, builder);
    if (!found)
        return;
    TunnelConfig tunnel;
    tunnel.kind = found->kind;
    auto upstream = builder.upstream(found->address, found->kind, place + serviceKey);
    if (!upstream)
        return;
    tunnel.upstream = std::move(*upstream);
    const std::string_view hostname = textOf(rule, "hostname");
    if (tunnel.kind == TunnelKind::Tcp)
        builder.note(place + ".hostname", "A tcp tunnel has a port of the relay instead of a host "
                                          "name, and visitors need no program of their own.");
    else if (!hostname.empty())
        builder.setHostname(tunnel, hostname, place + ".hostname");
    if (const Node* request = rule.find("originRequest");
        request && tunnel.kind == TunnelKind::Http) {
        if (const auto header = textOf(*request, "httpHostHeader"); !header.empty())
            tunnel.hostHeader = std::string(header);
        if (isTrue(textOf(*request, "http2Origin")))
            tunnel.protocol = config::UpstreamProtocol::H2c;
    }
    noteSettings(rule, place, builder);
    const std::string_view label = hostname.substr(0, hostname.find('.'));
    builder.add(label == "*" ? "wildcard" : label, std::move(tunnel), place,
                protectionOf(rule, whole));
}

} // namespace

void importCloudflared(const Node& root, ImportBuilder& builder)
{
    for (const std::string_view key : {"credentials-file", "token", "origincert"})
        if (root.find(key))
            builder.note(std::string(key),
                         "Not taken over: a credential of Cloudflare means nothing to a relay.");
    if (root.find("warp-routing"))
        builder.note("warp-routing", "Not taken over: private networks are not published here.");
    if (const auto url = textOf(root, "url"); !url.empty())
        importRule(root, root, url, "", "url", builder);
    if (const Node* ingress = root.find("ingress"))
        for (size_t i = 0; i < ingress->items.size(); ++i)
            importRule(ingress->items[i], root, textOf(ingress->items[i], "service"),
                       "ingress[" + std::to_string(i) + "]", ".service", builder);
}

} // namespace sallyport::desktop
