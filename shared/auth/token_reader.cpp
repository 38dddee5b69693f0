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

} // namespace sallyport::auth
