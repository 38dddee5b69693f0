#include "token_file.h"

#include <sallyport/auth/token_store.h>
#include <sallyport/config/document.h>
#include <sallyport/config/host_name.h>
#include <sallyport/config/loader.h>
#include <sallyport/config/suggest.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace sallyport::auth {

namespace {

using config::Codec;
using config::Fields;
using config::Node;
using config::Place;
using config::Problems;
using config::Refused;

constexpr std::string_view explanation =
    "# The relay's tokens. Only hashes stand here: a token itself is shown once, when it is made.\n"
    "# May be edited; the relay notices. `sallyport-relay token add|list|revoke` does the same.\n";

// kinds, names, hostnames: a list, or the word any or none.

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
        const auto kind = config::tunnelKindFromText(item.text);
        if (!kind)
            return {{"", item.text, "is no kind of tunnel: http, tls, tcp, udp", item.line}};
        if (std::find(target.begin(), target.end(), *kind) == target.end())
            target.push_back(*kind);
    }
    return {};
}

Codec<TokenHash> hashCodec()
{
    return {"hash", parseHash, hashText};
}

Codec<Timestamp> timeCodec()
{
    return {"time", parseTimestamp, timestampText};
}

Codec<std::string> idCodec()
{
    auto codec = config::plainText(64);
    codec.parse = [](std::string_view text) -> Result<std::string, std::string> {
        const bool fits =
            !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
            });
        if (!fits)
            return Failure(std::string("must be 1 to 64 of a-z, 0-9, - and _"));
        return std::string(text);
    };
    return codec;
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

void declare(TokenRecord& record, std::optional<TokenHash>& hash, Fields& fields)
{
    fields.value("id", record.id, idCodec(), "");
    fields.value("name", record.name, tenantCodec(), "");
    fields.optional("hash", hash, hashCodec(), "");
    const auto add = [&](const char* path, auto read) {
        config::Field field;
        field.path = path;
        field.set = read;
        fields.add(std::move(field));
    };
    Permissions& permissions = record.permissions;
    add("kinds", [&](const Node& node) { return readKinds(permissions.kinds, node); });
    add("names",
        [&](const Node& node) { return readPatterns(permissions.names, node, parseNamePattern); });
    add("hostnames", [&](const Node& node) {
        return readPatterns(permissions.hostnames, node, config::parseHostPattern);
    });
    fields.value("ports", permissions.ports, config::portRanges(), "");
    fields.optional("expires", record.expires, timeCodec(), "");
    fields.optional("created", record.created, timeCodec(), "");
}

class Reader
{
public:
    explicit Reader(const std::string& file) : m_file(file) {}

    std::vector<TokenRecord> read(const Node& root)
    {
        for (const config::NodeEntry& entry : root.entries) {
            if (entry.key != "tokens")
                complain(entry.line, entry.key, "",
                         "unknown key" + config::suggestion(entry.key, {"tokens"}));
            else if (entry.value.kind == Node::Kind::List)
                readList(entry.value);
            else if (entry.value.kind != Node::Kind::Null)
                complain(entry.line, entry.key, "", "must be a list (each item begins with -)");
        }
        return std::move(m_records);
    }

    Problems& problems() { return m_problems; }

private:
    void readList(const Node& list)
    {
        if (list.items.size() > TokenSet::MaxTokens) {
            complain(list.line, "tokens", "",
                     "holds more than " + std::to_string(TokenSet::MaxTokens) + " tokens");
            return;
        }
        for (size_t i = 0; i < list.items.size(); ++i)
            readItem(list.items[i], "tokens[" + std::to_string(i) + "]");
    }

    void readItem(const Node& item, const std::string& path)
    {
        if (item.kind != Node::Kind::Map) {
            complain(item.line, path, "", "must hold keys: id, name, hash, ...");
            return;
        }
        TokenRecord record;
        std::optional<TokenHash> hash;
        Fields fields;
        declare(record, hash, fields);
        for (const config::NodeEntry& entry : item.entries)
            readKey(fields, entry, path);
        for (const char* key : {"id", "name", "hash"})
            if (!item.find(key))
                complain(item.line, path, "", std::string(key) + " is missing");
        if (!hash)
            return;
        record.hash = *hash;
        if (!record.id.empty() && !m_ids.insert(record.id).second)
            complain(item.line, path + ".id", record.id, "is the id of an earlier token too");
        if (!m_hashes.insert(record.hash).second)
            complain(item.line, path + ".hash", "", "is the hash of an earlier token too");
        m_records.push_back(std::move(record));
    }

    void readKey(const Fields& fields, const config::NodeEntry& entry, const std::string& path)
    {
        const auto field =
            std::find_if(fields.fields().begin(), fields.fields().end(),
                         [&](const config::Field& f) { return f.path == entry.key; });
        if (field == fields.fields().end()) {
            std::vector<std::string> known;
            for (const config::Field& f : fields.fields())
                known.push_back(f.path);
            complain(entry.line, path + "." + entry.key, "",
                     "unknown key" + config::suggestion(entry.key, known));
            return;
        }
        for (const Refused& refused : field->set(entry.value))
            complain(refused.line > 0 ? refused.line : entry.line,
                     path + "." + entry.key + refused.suffix, refused.value, refused.message);
    }

    void complain(int line, std::string key, std::string value, std::string message)
    {
        m_problems.error({Place::Kind::File, m_file, line}, std::move(key), std::move(value),
                         std::move(message));
    }

    std::string m_file;
    std::vector<TokenRecord> m_records;
    std::set<std::string> m_ids;
    std::set<TokenHash> m_hashes;
    Problems m_problems;
};

// Writing

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

bool isTenantName(std::string_view name)
{
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-' || c == '@';
    });
}

Result<std::vector<TokenRecord>, Problems> parseTokens(std::string_view text,
                                                       const std::string& fileName)
{
    auto root = config::document::parse(text, fileName);
    if (!root)
        return Failure(root.error());
    Problems problems;
    if (root->kind != Node::Kind::Map) {
        problems.error({Place::Kind::File, fileName, root->line}, "", "",
                       "must hold one key, tokens, with a list");
        return Failure(std::move(problems));
    }
    Reader reader(fileName);
    auto records = reader.read(*root);
    if (reader.problems().hasErrors())
        return Failure(reader.problems());
    return records;
}

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
