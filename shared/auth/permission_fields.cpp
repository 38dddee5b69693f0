#include "permission_fields.h"

#include <sallyport/config/host_name.h>
#include <sallyport/config/loader.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace sallyport::auth {

namespace {

using config::Codec;
using config::Fields;
using config::Node;
using config::Refused;

// kinds, names, hostnames: a list, or the word any or none.

std::vector<Refused> readPatterns(Patterns& target, const Node& node,
                                  Result<std::string, std::string> (*parse)(std::string_view))
{
    if (node.kind == Node::Kind::Scalar && (node.text == "any" || node.text == "none")) {
        target = node.text == "any" ? Patterns::all() : Patterns::none();
        return {};
    }
    auto items = config::detail::listItems(node, Patterns::MaxItems);
    if (!items)
        return {items.error()};
    Patterns patterns;
    std::vector<Refused> refused;
    for (size_t i = 0; i < items->size(); ++i) {
        const Node& item = (*items)[i];
        if (auto word = parse(item.text))
            patterns.items.push_back(std::move(*word));
        else
            refused.push_back({"[" + std::to_string(i) + "]", item.text, word.error(), item.line});
    }
    target = std::move(patterns);
    return refused;
}

std::vector<Refused> readKinds(std::vector<config::TunnelKind>& target, const Node& node)
{
    target.clear();
    if (node.kind == Node::Kind::Scalar && node.text == "any")
        return {};
    auto items = config::detail::listItems(node, 10);
    if (!items)
        return {items.error()};
    if (items->empty())
        return {{"", "", "is empty: name at least one, or any", node.line}};
    for (const Node& item : *items) {
        const auto kind = wire::kindFromText(item.text);
        if (!kind)
            return {{"", item.text, "is no kind of tunnel: http, tls, tcp, udp", item.line}};
        if (std::find(target.begin(), target.end(), *kind) == target.end())
            target.push_back(*kind);
    }
    return {};
}

std::string patternsText(const Patterns& patterns)
{
    if (patterns.any)
        return "any";
    if (patterns.items.empty())
        return "none";
    std::string text = "[";
    for (const std::string& item : patterns.items)
        text += (text.size() > 1 ? ", \"" : "\"") + item + "\"";
    return text + "]";
}

std::string kindsText(const std::vector<config::TunnelKind>& kinds)
{
    if (kinds.empty())
        return "any";
    std::string text = "[";
    for (const config::TunnelKind kind : kinds)
        text += (text.size() > 1 ? ", " : "") + std::string(wire::kindText(kind));
    return text + "]";
}

} // namespace

Result<std::string, std::string> parseNamePattern(std::string_view text)
{
    std::string plain;
    for (const char c : text)
        plain += c == '*' ? 'x' : c;
    auto checked = config::parseName(plain);
    if (!checked)
        return checked;
    return std::string(text);
}

void declarePermissions(Permissions& permissions, Fields& fields)
{
    const auto add = [&](const char* path, auto read) {
        config::Field field;
        field.path = path;
        field.set = read;
        fields.add(std::move(field));
    };
    add("kinds", [&](const Node& node) { return readKinds(permissions.kinds, node); });
    add("names",
        [&](const Node& node) { return readPatterns(permissions.names, node, parseNamePattern); });
    add("hostnames", [&](const Node& node) {
        return readPatterns(permissions.hostnames, node, config::parseHostPattern);
    });
    fields.value("ports", permissions.ports, config::portRanges(), "");
}

std::string permissionsText(const Permissions& permissions)
{
    return "    kinds: " + kindsText(permissions.kinds) + "\n" +
           "    names: " + patternsText(permissions.names) + "\n" +
           "    hostnames: " + patternsText(permissions.hostnames) + "\n" +
           "    ports: " + permissions.ports.text() + "\n";
}

bool isTenantName(std::string_view name)
{
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-' || c == '@';
    });
}

Codec<std::string> tenantCodec()
{
    auto codec = config::plainText(64);
    codec.parse = [](std::string_view text) -> Result<std::string, std::string> {
        if (!isTenantName(text))
            return Failure(std::string("must be 1 to 64 letters, digits, or . _ - @"));
        return std::string(text);
    };
    return codec;
}

} // namespace sallyport::auth
