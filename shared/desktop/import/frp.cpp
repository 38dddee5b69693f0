// frpc.toml (and the same keys as YAML or JSON), and the older frpc.ini, whose names are turned
// into the newer ones first.
#include "import/importers.h"

#include <array>
#include <utility>

namespace sallyport::desktop {

namespace {

using config::Node;
using config::TunnelConfig;
using config::TunnelKind;

std::string localAddress(const Node& proxy)
{
    const std::string_view ip = textOf(proxy, "localIP");
    const std::string_view port = textOf(proxy, "localPort");
    const std::string host(ip.empty() ? "127.0.0.1" : ip);
    return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" +
           std::string(port);
}

// The local end: an address, or one of the few plugins that only name one.
std::optional<config::Upstream> upstreamOf(const Node& proxy, TunnelKind kind,
                                           const std::string& place, ImportBuilder& builder)
{
    const Node* plugin = proxy.find("plugin");
    const std::string_view type =
        plugin ? (plugin->kind == Node::Kind::Scalar ? std::string_view(plugin->text)
                                                     : textOf(*plugin, "type"))
               : std::string_view();
    if (type.empty())
        return builder.upstream(localAddress(proxy), kind, place);
    if (plugin && type == "unix_domain_socket" && plugin->kind == Node::Kind::Map)
        return builder.upstream("unix:" + std::string(textOf(*plugin, "unixPath")), kind,
                                place + ".plugin");
    builder.note(place + ".plugin", "Left out: there are no plugins here. Run what it does as a "
                                    "service of this computer and publish that.");
    return {};
}

void noteDifferences(const Node& proxy, const std::string& place, ImportBuilder& builder)
{
    if (proxy.find("locations"))
        builder.note(place + ".locations",
                     "Not taken over: a tunnel serves all paths of its host.");
    if (proxy.find("loadBalancer"))
        builder.note(place + ".loadBalancer",
                     "Not needed: agents that publish the same name share its visitors.");
    if (proxy.find("healthCheck"))
        builder.note(place + ".healthCheck", "Not taken over: there are no health checks here.");
}

ImportProtection protectionOf(const Node& proxy)
{
    ImportProtection protection;
    const std::string_view user = textOf(proxy, "httpUser");
    const std::string_view password = textOf(proxy, "httpPassword");
    if (!user.empty() || !password.empty())
        addLogin(protection, user, password, user.empty() ? "httpPassword" : "httpUser");
    return protection;
}

// Each domain of the proxy is a tunnel of its own.
void addForEachHost(const Node& proxy, const TunnelConfig& base, const std::string& name,
                    const std::string& place, ImportBuilder& builder)
{
    const auto domains = textsOf(proxy, "customDomains");
    const std::string_view subdomain = textOf(proxy, "subdomain");
    for (const std::string_view domain : domains) {
        TunnelConfig tunnel = base;
        builder.setHostname(tunnel, domain, place + ".customDomains");
        builder.add(name, std::move(tunnel), place, protectionOf(proxy));
    }
    if (!subdomain.empty() || domains.empty()) {
        TunnelConfig tunnel = base;
        if (!subdomain.empty())
            builder.setName(tunnel, subdomain, place + ".subdomain");
        builder.add(name, std::move(tunnel), place, protectionOf(proxy));
    }
}

void importProxy(const Node& proxy, const std::string& place, ImportBuilder& builder)
{
    const std::string_view type = textOf(proxy, "type");
    TunnelConfig tunnel;
    if (type == "http")
        tunnel.kind = TunnelKind::Http;
    else if (type == "https")
        tunnel.kind = TunnelKind::Tls;
    else if (type == "tcp")
        tunnel.kind = TunnelKind::Tcp;
    else {
        builder.note(place + ".type", type == "udp"
                                          ? "Left out: udp tunnels are not supported yet."
                                          : "Left out: this kind of proxy is not known here.");
        return;
    }
    auto upstream = upstreamOf(proxy, tunnel.kind, place, builder);
    if (!upstream)
        return;
    tunnel.upstream = std::move(*upstream);
    if (const auto header = textOf(proxy, "hostHeaderRewrite"); !header.empty())
        tunnel.hostHeader = std::string(header);
    if (const Node* transport = proxy.find("transport"))
        tunnel.proxyProtocol = textOf(*transport, "proxyProtocolVersion") == "v2";
    noteDifferences(proxy, place, builder);
    builder.noteOthers(proxy,
                       {"name", "type", "localIP", "localPort", "remotePort", "customDomains",
                        "subdomain", "hostHeaderRewrite", "transport", "plugin", "httpUser",
                        "httpPassword", "locations", "loadBalancer", "healthCheck", "enabled"},
                       place);
    const std::string name(textOf(proxy, "name"));
    if (tunnel.kind != TunnelKind::Tcp) {
        addForEachHost(proxy, tunnel, name, place, builder);
        return;
    }
    builder.setRemotePort(tunnel, textOf(proxy, "remotePort"), place + ".remotePort");
    builder.add(name, std::move(tunnel), place);
}

// --- frpc.ini ---

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> newNames{
    {{"local_ip", "localIP"},
     {"local_port", "localPort"},
     {"remote_port", "remotePort"},
     {"custom_domains", "customDomains"},
     {"host_header_rewrite", "hostHeaderRewrite"},
     {"http_user", "httpUser"},
     {"http_pwd", "httpPassword"},
     {"group", "loadBalancer"},
     {"health_check_type", "healthCheck"}}};

Node scalar(std::string_view text, int line)
{
    Node node;
    node.kind = Node::Kind::Scalar;
    node.line = line;
    node.text = std::string(text);
    return node;
}

Node asList(const Node& commaSeparated)
{
    Node list;
    list.kind = Node::Kind::List;
    list.line = commaSeparated.line;
    std::string_view rest = commaSeparated.text;
    while (!rest.empty()) {
        std::string_view item = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(rest.size(), item.size() + 1));
        while (item.starts_with(' '))
            item.remove_prefix(1);
        while (item.ends_with(' '))
            item.remove_suffix(1);
        if (!item.empty())
            list.items.push_back(scalar(item, commaSeparated.line));
    }
    return list;
}

Node asProxy(const config::NodeEntry& section)
{
    Node proxy;
    proxy.kind = Node::Kind::Map;
    proxy.line = section.line;
    proxy.entries.push_back({"name", section.line, scalar(section.key, section.line)});
    for (const config::NodeEntry& entry : section.value.entries) {
        std::string key = entry.key;
        // How it travels between frp's two ends does not matter here.
        if (key == "use_encryption" || key == "use_compression" || key.starts_with("plugin_"))
            continue;
        for (const auto& [old, now] : newNames)
            if (key == old)
                key = std::string(now);
        Node value = key == "customDomains" ? asList(entry.value) : entry.value;
        proxy.entries.push_back({std::move(key), entry.line, std::move(value)});
    }
    return proxy;
}

} // namespace

void importFrp(const Node& root, ImportBuilder& builder)
{
    builder.hintRelay(textOf(root, "serverAddr"));
    if (root.find("auth"))
        builder.note("auth", "Not taken over: a credential of frp means nothing to a relay.");
    if (root.find("visitors"))
        builder.note("visitors", "Not taken over: visitors need no program of their own here.");
    if (root.find("includes"))
        builder.note("includes", "Not followed: import the other files one by one.");
    if (const Node* proxies = root.find("proxies"))
        for (size_t i = 0; i < proxies->items.size(); ++i)
            importProxy(proxies->items[i], "proxies[" + std::to_string(i) + "]", builder);
}

void importFrpIni(const Node& root, ImportBuilder& builder)
{
    for (const config::NodeEntry& section : root.entries) {
        if (section.key == "common") {
            builder.hintRelay(textOf(section.value, "server_addr"));
            if (section.value.find("token"))
                builder.note("common.token",
                             "Not taken over: a credential of frp means nothing to a relay.");
            continue;
        }
        if (section.key.starts_with("range:")) {
            builder.note(section.key, "Left out: add one tunnel for each port of the range.");
            continue;
        }
        importProxy(asProxy(section), section.key, builder);
    }
}

} // namespace sallyport::desktop
