// The table of a configuration's fields. Each is declared once, with its path, type, bounds, target
// and help; reading, checking, environment overrides and the reference page all come from this
// table.
//
//     Fields fields;
//     fields.value("reconnect_grace", config.reconnectGrace, durationBetween(0s, 5min),
//                  "How long the routes of a dropped link are kept.");
//     fields.list("trusted_proxies", config.trustedProxies, network(), 100, "Networks whose ...");
//
// The default is what the target holds when it is declared. A table refers to its targets: it must
// not outlive the configuration it was made for.
#pragma once

#include <sallyport/config/codec.h>
#include <sallyport/config/document.h>
#include <sallyport/config/problem.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sallyport::config {

class Fields;

// Why a value was refused, and which part of it.
struct Refused
{
    std::string suffix; // "[2]" for the third item of a list
    std::string value;
    std::string message;
    int line = 0;
};

struct Field
{
    std::string path;
    std::string type; // "duration, 1s to 5m"
    std::string help;
    std::string shown; // the default as it would be written
    bool secret = false;
    bool isPath = false; // relative paths in a file are relative to that file's folder
    bool isList = false;
    // Empty when the value is taken.
    std::function<std::vector<Refused>(const Node&)> set = {};
};

// A key that is known but may not be used, and why: "not yet supported in this version".
struct ReservedField
{
    std::string path;
    std::string message;
};

// A map whose keys the user chooses ("tunnels").
struct FieldMap
{
    std::string path;
    std::string help;
    std::string keyName; // for the reference page: "NAME"
    std::string example; // what the value of one key looks like: "web: {http: 3000}"
    size_t limit = 0;    // keys at most
    std::function<Result<std::string, std::string>(std::string_view)> checkKey;
    // Declares the fields of a value, with paths relative to it; the targets are used by nobody.
    std::function<void(Fields&)> shape;
    // Makes the target of a key and declares its fields.
    std::function<void(Fields& entry, const std::string& key)> entry;
};

class Fields
{
public:
    // A heading of the reference page, for the fields that follow.
    void section(std::string title, std::string help);

    template <typename T>
    Field& value(std::string path, T& target, Codec<T> codec, std::string help);
    // At most `limit` items; in the file a list or a single value, elsewhere comma-separated, with
    // "none" for the empty list.
    template <typename T>
    Field& list(std::string path, std::vector<T>& target, Codec<T> codec, size_t limit,
                std::string help);
    // A value that has no default.
    template <typename T>
    Field& optional(std::string path, std::optional<T>& target, Codec<T> codec, std::string help);
    Field& secret(std::string path, std::optional<Secret>& target, std::string help);
    void reserved(std::string path, std::string message);
    void map(FieldMap map);
    // One with a reader of its own.
    Field& add(Field field);

    struct Section
    {
        std::string title;
        std::string help;
        size_t firstField = 0;
    };
    const std::vector<Field>& fields() const { return m_fields; }
    const std::vector<ReservedField>& reservedFields() const { return m_reserved; }
    const std::vector<FieldMap>& maps() const { return m_maps; }
    const std::vector<Section>& sections() const { return m_sections; }

private:
    std::vector<Field> m_fields;
    std::vector<ReservedField> m_reserved;
    std::vector<FieldMap> m_maps;
    std::vector<Section> m_sections;
};

namespace detail {
// The texts of a list's items; a refusal when the node is none.
Result<std::vector<Node>, Refused> listItems(const Node& node, size_t limit);
std::optional<Refused> notOneValue(const Node& node);
std::string joined(const std::vector<std::string>& parts);
} // namespace detail

template <typename T>
Field& Fields::value(std::string path, T& target, Codec<T> codec, std::string help)
{
    Field field{std::move(path), codec.type, std::move(help), codec.show(target)};
    field.isPath = codec.isPath;
    field.set = [&target, codec](const Node& node) -> std::vector<Refused> {
        if (auto refused = detail::notOneValue(node))
            return {*refused};
        auto parsed = codec.parse(node.text);
        if (!parsed)
            return {{"", node.text, parsed.error(), node.line}};
        target = *parsed;
        return {};
    };
    return add(std::move(field));
}

template <typename T>
Field& Fields::optional(std::string path, std::optional<T>& target, Codec<T> codec,
                        std::string help)
{
    Field field{std::move(path), codec.type, std::move(help), target ? codec.show(*target) : ""};
    field.isPath = codec.isPath;
    field.set = [&target, codec](const Node& node) -> std::vector<Refused> {
        if (auto refused = detail::notOneValue(node))
            return {*refused};
        auto parsed = codec.parse(node.text);
        if (!parsed)
            return {{"", node.text, parsed.error(), node.line}};
        target = *parsed;
        return {};
    };
    return add(std::move(field));
}

template <typename T>
Field& Fields::list(std::string path, std::vector<T>& target, Codec<T> codec, size_t limit,
                    std::string help)
{
    std::vector<std::string> shown;
    for (const T& item : target)
        shown.push_back(codec.show(item));
    Field field{std::move(path), "list of " + codec.type, std::move(help), detail::joined(shown)};
    field.isList = true;
    field.isPath = codec.isPath;
    field.set = [&target, codec, limit](const Node& node) -> std::vector<Refused> {
        auto items = detail::listItems(node, limit);
        if (!items)
            return {items.error()};
        std::vector<Refused> refused;
        std::vector<T> values;
        for (size_t i = 0; i < items->size(); ++i) {
            const Node& item = (*items)[i];
            const std::string suffix = "[" + std::to_string(i) + "]";
            if (auto parsed = codec.parse(item.text))
                values.push_back(*parsed);
            else
                refused.push_back({suffix, item.text, parsed.error(), item.line});
        }
        if (refused.empty())
            target = std::move(values);
        return refused;
    };
    return add(std::move(field));
}

} // namespace sallyport::config
