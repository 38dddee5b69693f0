#include <sallyport/config/fields.h>

#include <algorithm>
#include <string_view>

namespace sallyport::config {

namespace {

constexpr size_t longestSecret = 4096;

std::vector<Node> splitAtCommas(const Node& node)
{
    std::vector<Node> items;
    std::string_view rest = node.text;
    while (true) {
        const size_t comma = rest.find(',');
        std::string_view item = rest.substr(0, comma);
        while (item.starts_with(' '))
            item.remove_prefix(1);
        while (item.ends_with(' '))
            item.remove_suffix(1);
        Node part;
        part.kind = Node::Kind::Scalar;
        part.line = node.line;
        part.text = std::string(item);
        items.push_back(std::move(part));
        if (comma == std::string_view::npos)
            return items;
        rest.remove_prefix(comma + 1);
    }
}

} // namespace

void Fields::section(std::string title, std::string help)
{
    m_sections.push_back({std::move(title), std::move(help), m_fields.size()});
}

Field& Fields::secret(std::string path, std::optional<Secret>& target, std::string help)
{
    Field field{std::move(path), "secret", std::move(help), ""};
    field.secret = true;
    field.set = [&target](const Node& node) -> std::vector<Refused> {
        if (auto refused = detail::notOneValue(node))
            return {*refused};
        const bool fits = !node.text.empty() && node.text.size() <= longestSecret;
        const bool printable = std::all_of(node.text.begin(), node.text.end(),
                                           [](char c) { return c > 0x20 && c < 0x7f; });
        if (!fits || !printable)
            return {{"", "", "must be one word of printable characters", node.line}};
        target = Secret(node.text);
        return {};
    };
    return add(std::move(field));
}

void Fields::reserved(std::string path, std::string message)
{
    m_reserved.push_back({std::move(path), std::move(message)});
}

void Fields::map(FieldMap map)
{
    m_maps.push_back(std::move(map));
}

Field& Fields::add(Field field)
{
    m_fields.push_back(std::move(field));
    return m_fields.back();
}

namespace detail {

std::optional<Refused> notOneValue(const Node& node)
{
    switch (node.kind) {
    case Node::Kind::Scalar:
        return {};
    case Node::Kind::Null:
        return Refused{"", "", "has no value: give one or remove the key", node.line};
    case Node::Kind::List:
        return Refused{"", "", "takes one value, not a list", node.line};
    case Node::Kind::Map:
        break;
    }
    return Refused{"", "", "takes one value, not keys below it", node.line};
}

Result<std::vector<Node>, Refused> listItems(const Node& node, size_t limit)
{
    std::vector<Node> items;
    if (node.kind == Node::Kind::List) {
        items = node.items;
    } else if (auto refused = notOneValue(node)) {
        refused->message =
            node.kind == Node::Kind::Map ? "takes a list, not keys below it" : refused->message;
        return Failure(*refused);
    } else if (node.text != "none") {
        items = splitAtCommas(node);
    }
    if (items.size() > limit)
        return Failure(
            Refused{"", "", "has more than " + std::to_string(limit) + " items", node.line});
    for (size_t i = 0; i < items.size(); ++i)
        if (items[i].kind != Node::Kind::Scalar)
            return Failure(
                Refused{"[" + std::to_string(i) + "]", "", "must be one value", items[i].line});
    return items;
}

std::string joined(const std::vector<std::string>& parts)
{
    if (parts.empty())
        return "none";
    std::string text;
    for (const std::string& part : parts)
        text += (text.empty() ? "" : ", ") + part;
    return text;
}

} // namespace detail

} // namespace sallyport::config
