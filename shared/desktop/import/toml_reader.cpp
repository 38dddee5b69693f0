#include "import/readers.h"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <cstddef>
#include <sstream>
#include <utility>

namespace sallyport::desktop {

namespace {

using config::Node;

std::string scalarText(const toml::node& value)
{
    if (const auto* text = value.as_string())
        return text->get();
    if (const auto* number = value.as_integer())
        return std::to_string(number->get());
    if (const auto* flag = value.as_boolean())
        return flag->get() ? "true" : "false";
    std::ostringstream shown; // numbers with a point, dates
    value.visit([&](const auto& one) {
        if constexpr (toml::is_value<decltype(one)>)
            shown << one.get();
    });
    return shown.str();
}

// The parser bounds the depth itself (TOML_MAX_NESTED_VALUES), the text's size bounds the rest.
Node treeOf(const toml::node& value)
{
    Node node;
    node.line = static_cast<int>(value.source().begin.line);
    if (const auto* table = value.as_table()) {
        node.kind = Node::Kind::Map;
        for (const auto& [key, below] : *table)
            node.entries.push_back(
                {std::string(key.str()), static_cast<int>(key.source().begin.line), treeOf(below)});
    } else if (const auto* list = value.as_array()) {
        node.kind = Node::Kind::List;
        for (const auto& item : *list)
            node.items.push_back(treeOf(item));
    } else {
        node.kind = Node::Kind::Scalar;
        node.text = scalarText(value);
    }
    return node;
}

} // namespace

Result<Node, std::string> readToml(std::string_view text, const std::string& fileName)
{
    const toml::parse_result parsed = toml::parse(text);
    if (parsed.failed())
        return Failure(fileName + ":" + std::to_string(parsed.error().source().begin.line) +
                       ": is not valid TOML");
    return treeOf(parsed.table());
}

} // namespace sallyport::desktop
