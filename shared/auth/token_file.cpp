#include "token_file.h"

#include <sallyport/auth/token_store.h>
#include <sallyport/config/document.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sallyport::auth {

namespace {

using config::Node;

constexpr std::string_view explanation =
    "# The relay's tokens. Only hashes stand here: a token itself is shown once, when it is made.\n"
    "# May be edited; the relay notices. `sallyport-relay token add|list|revoke` does the same.\n";

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
        text += (text.size() > 1 ? ", " : "") + std::string(config::toText(kind));
    return text + "]";
}

// Editing

std::vector<std::string> linesOf(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        const size_t end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string joined(const std::vector<std::string>& lines)
{
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    return text;
}

bool isBlankOrComment(const std::string& line)
{
    const size_t first = line.find_first_not_of(" \t\r");
    return first == std::string::npos || line[first] == '#';
}

struct Layout
{
    Node root;
    const Node* list = nullptr; // the items; nullptr when there is no list yet
    bool hasKey = false;        // "tokens:" stands there
};

// The parts of the text that an edit needs to know; nothing when it has a form we do not edit.
std::optional<Layout> layoutOf(std::string_view text, const std::vector<std::string>& lines)
{
    auto root = config::document::parse(text, "");
    if (!root || root->kind != Node::Kind::Map || root->entries.size() > 1)
        return {};
    Layout layout;
    layout.root = std::move(*root);
    if (layout.root.entries.empty())
        return layout;
    layout.hasKey = true;
    const Node& value = layout.root.entries[0].value;
    if (value.kind == Node::Kind::Null)
        return layout;
    if (value.kind != Node::Kind::List || value.items.empty())
        return {};
    layout.list = &value;
    // Block style: every item begins a line with "-".
    for (const Node& item : value.items) {
        const std::string& line = lines[static_cast<size_t>(item.line) - 1];
        const size_t first = line.find_first_not_of(' ');
        if (first == std::string::npos || line[first] != '-')
            return {};
    }
    return layout;
}

} // namespace

std::string tokenText(const TokenRecord& record)
{
    const Permissions& permissions = record.permissions;
    std::string text = "  - id: " + record.id + "\n";
    // Quoted: a name like "no" or "1e3" must stay text.
    text += "    name: \"" + record.name + "\"\n";
    text += "    hash: " + hashText(record.hash) + "\n";
    text += "    kinds: " + kindsText(permissions.kinds) + "\n";
    text += "    names: " + patternsText(permissions.names) + "\n";
    text += "    hostnames: " + patternsText(permissions.hostnames) + "\n";
    text += "    ports: " + permissions.ports.text() + "\n";
    if (record.created)
        text += "    created: " + timestampText(*record.created) + "\n";
    if (record.expires)
        text += "    expires: " + timestampText(*record.expires) + "\n";
    return text;
}

std::string wholeFile(const std::vector<TokenRecord>& records)
{
    std::string text(explanation);
    text += "tokens:\n";
    for (const TokenRecord& record : records)
        text += tokenText(record);
    return text;
}

std::optional<std::string> withItem(std::string_view text, const TokenRecord& record)
{
    std::vector<std::string> lines = linesOf(text);
    const auto layout = layoutOf(text, lines);
    if (!layout)
        return {};
    if (!layout->hasKey)
        lines.push_back("tokens:");
    const std::vector<std::string> item = linesOf(tokenText(record));
    // As deep as the items that are there.
    std::string indent = "  ";
    if (layout->list) {
        const std::string& first = lines[static_cast<size_t>(layout->list->items[0].line) - 1];
        indent = first.substr(0, first.find('-'));
    }
    for (const std::string& line : item)
        lines.push_back(indent + line.substr(2));
    return joined(lines);
}

std::optional<std::string> withoutItem(std::string_view text, size_t index)
{
    std::vector<std::string> lines = linesOf(text);
    const auto layout = layoutOf(text, lines);
    if (!layout || !layout->list || index >= layout->list->items.size())
        return {};
    const auto& items = layout->list->items;
    const auto first = static_cast<size_t>(items[index].line) - 1;
    size_t end =
        index + 1 < items.size() ? static_cast<size_t>(items[index + 1].line) - 1 : lines.size();
    // Comments in front of the next item are its own.
    while (end > first + 1 && isBlankOrComment(lines[end - 1]))
        --end;
    lines.erase(lines.begin() + static_cast<ptrdiff_t>(first),
                lines.begin() + static_cast<ptrdiff_t>(end));
    return joined(lines);
}

} // namespace sallyport::auth
