#include "list_file.h"

#include <sallyport/config/document.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace sallyport::auth {

namespace {

using config::Node;

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
    bool hasKey = false;        // "KEY:" stands there
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

std::optional<std::string> withItem(std::string_view text, std::string_view key,
                                    std::string_view itemText)
{
    std::vector<std::string> lines = linesOf(text);
    const auto layout = layoutOf(text, lines);
    if (!layout)
        return {};
    if (!layout->hasKey)
        lines.push_back(std::string(key) + ":");
    const std::vector<std::string> item = linesOf(itemText);
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
