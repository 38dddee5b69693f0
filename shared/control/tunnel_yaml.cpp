#include "tunnel_yaml.h"

#include "yaml_text.h"

#include <algorithm>
#include <utility>

namespace sallyport::control {

using config::Node;
using config::NodeEntry;

namespace {

constexpr size_t LongestLine = 90;

Node scalar(std::string text)
{
    Node node;
    node.kind = Node::Kind::Scalar;
    node.text = std::move(text);
    return node;
}

void add(Node& map, const char* key, Node value)
{
    map.entries.push_back({key, 0, std::move(value)});
}

void addText(Node& map, const char* key, const std::string& text)
{
    if (!text.empty())
        add(map, key, scalar(text));
}

void addList(Node& map, const char* key, const std::vector<std::string>& texts)
{
    if (texts.empty())
        return;
    Node list;
    list.kind = Node::Kind::List;
    for (const std::string& text : texts)
        list.items.push_back(scalar(text));
    add(map, key, std::move(list));
}

Node accessToNode(const wire::AccessPolicy& access)
{
    Node map;
    map.kind = Node::Kind::Map;
    if (!access.users.empty()) {
        Node users;
        users.kind = Node::Kind::Map;
        for (const wire::AccessUser& user : access.users)
            users.entries.push_back({user.name, 0, scalar(user.hash)});
        add(map, "users", std::move(users));
    }
    addText(map, "realm", access.realm);
    addList(map, "tokens", access.tokenHashes);
    addText(map, "token_header", access.tokenHeader);
    addText(map, "token_query", access.tokenQuery);
    addList(map, "except", access.except);
    addList(map, "allow", access.allow);
    addList(map, "deny", access.deny);
    addText(map, "pass_credentials", access.passCredentials ? "true" : "");
    return map;
}

// "3000" where that says it all.
std::string shortest(const config::Upstream& upstream)
{
    if (!upstream.isUnix() && upstream.endpoint.host == "127.0.0.1")
        return std::to_string(upstream.endpoint.port);
    return upstream.text();
}

std::string scalarText(const std::string& text)
{
    // Every value is text to the configuration, so that these mean the same without quotes.
    return text == "true" || text == "false" ? text : plainOrQuoted(text);
}

bool applyNode(const config::Fields& fields, const Node& node, const std::string& prefix)
{
    for (const NodeEntry& entry : node.entries) {
        const std::string path = prefix + entry.key;
        const auto& all = fields.fields();
        const auto field = std::find_if(all.begin(), all.end(),
                                        [&](const config::Field& one) { return one.path == path; });
        if (field != all.end()) {
            if (!field->set(entry.value).empty())
                return false;
        } else if (entry.value.kind != Node::Kind::Map ||
                   !applyNode(fields, entry.value, path + ".")) {
            return false;
        }
    }
    return true;
}

bool isFlat(const Node& node)
{
    const auto isScalar = [](const Node& one) { return one.kind == Node::Kind::Scalar; };
    return std::all_of(node.items.begin(), node.items.end(), isScalar) &&
           std::all_of(node.entries.begin(), node.entries.end(),
                       [&](const NodeEntry& entry) { return isScalar(entry.value); });
}

} // namespace

Node tunnelToNode(const config::TunnelConfig& tunnel)
{
    Node map;
    map.kind = Node::Kind::Map;
    add(map, std::string(wire::kindText(tunnel.kind)).c_str(), scalar(shortest(tunnel.upstream)));
    addText(map, "name", tunnel.name.value_or(""));
    addText(map, "hostname", tunnel.hostname.value_or(""));
    addText(map, "remote_port", tunnel.remotePort ? std::to_string(*tunnel.remotePort) : "");
    addText(map, "http_upstream", tunnel.httpUpstream.empty() ? "" : shortest(tunnel.httpUpstream));
    addText(map, "certificate",
            tunnel.certificate == config::TunnelConfig::Certificate::Auto ? "auto" : "");
    addText(map, "certificate_file", tunnel.certificateFile);
    addText(map, "certificate_key", tunnel.certificateKey);
    addText(map, "proxy_protocol", tunnel.proxyProtocol ? "true" : "");
    addText(map, "host_header", tunnel.hostHeader.value_or(""));
    addText(map, "protocol", tunnel.protocol == config::UpstreamProtocol::H2c ? "h2c" : "");
    addText(map, "paused", tunnel.paused ? "true" : "");
    if (Node access = accessToNode(tunnel.access); !access.entries.empty())
        add(map, "access", std::move(access));
    return map;
}

std::optional<config::TunnelConfig> tunnelFromNode(const Node& node)
{
    config::TunnelConfig tunnel;
    config::Fields fields;
    tunnel.declare(fields);
    if (node.kind != Node::Kind::Map || !applyNode(fields, node, ""))
        return std::nullopt;
    return tunnel;
}

bool sameMeaning(const Node& a, const Node& b)
{
    return a.kind == b.kind && a.text == b.text &&
           std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
                      sameMeaning) &&
           std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(),
                      [](const NodeEntry& x, const NodeEntry& y) {
                          return x.key == y.key && sameMeaning(x.value, y.value);
                      });
}

std::string asFlow(const Node& node)
{
    std::string text;
    switch (node.kind) {
    case Node::Kind::Null:
        return "null";
    case Node::Kind::Scalar:
        return scalarText(node.text);
    case Node::Kind::List:
        for (const Node& item : node.items)
            text += (text.empty() ? "" : ", ") + asFlow(item);
        return "[" + text + "]";
    case Node::Kind::Map:
        break;
    }
    for (const NodeEntry& entry : node.entries)
        text += (text.empty() ? "" : ", ") + plainOrQuoted(entry.key) + ": " + asFlow(entry.value);
    return "{" + text + "}";
}

std::vector<std::string> asLines(const std::string& key, const Node& node, size_t indent)
{
    const std::string start = std::string(indent, ' ') + plainOrQuoted(key) + ":";
    const std::string line = start + " " + asFlow(node);
    if (node.kind == Node::Kind::Scalar || node.kind == Node::Kind::Null ||
        (isFlat(node) && line.size() <= LongestLine) ||
        (node.items.empty() && node.entries.empty()))
        return {line};
    std::vector<std::string> lines = {start};
    for (const Node& item : node.items)
        lines.push_back(std::string(indent + 2, ' ') + "- " + asFlow(item));
    for (const NodeEntry& entry : node.entries)
        for (std::string& more : asLines(entry.key, entry.value, indent + 2))
            lines.push_back(std::move(more));
    return lines;
}

} // namespace sallyport::control
