#include "list_reader.h"

#include <sallyport/config/suggest.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace sallyport::auth {

using config::Node;

ListReader::ListReader(std::string file, std::string key, size_t limit)
    : m_file(std::move(file)), m_key(std::move(key)), m_limit(limit)
{}

void ListReader::read(const Node& root, const ReadItem& readItem)
{
    if (root.kind != Node::Kind::Map)
        return complain(root.line, "", "", "must hold one key, " + m_key + ", with a list");
    for (const config::NodeEntry& entry : root.entries) {
        const Node& list = entry.value;
        if (entry.key != m_key)
            complain(entry.line, entry.key, "",
                     "unknown key" + config::suggestion(entry.key, {m_key}));
        else if (list.kind == Node::Kind::Null)
            continue;
        else if (list.kind != Node::Kind::List)
            complain(entry.line, entry.key, "", "must be a list (each item begins with -)");
        else if (list.items.size() > m_limit)
            complain(list.line, m_key, "",
                     "holds more than " + std::to_string(m_limit) + " " + m_key);
        else
            for (size_t i = 0; i < list.items.size(); ++i)
                readItem(list.items[i], m_key + "[" + std::to_string(i) + "]");
    }
}

void ListReader::readKeys(const config::Fields& fields, const Node& item, const std::string& path)
{
    for (const config::NodeEntry& entry : item.entries)
        readKey(fields, entry, path);
}

void ListReader::readKey(const config::Fields& fields, const config::NodeEntry& entry,
                         const std::string& path)
{
    const auto field = std::find_if(fields.fields().begin(), fields.fields().end(),
                                    [&](const config::Field& f) { return f.path == entry.key; });
    if (field == fields.fields().end()) {
        std::vector<std::string> known;
        for (const config::Field& f : fields.fields())
            known.push_back(f.path);
        return complain(entry.line, path + "." + entry.key, "",
                        "unknown key" + config::suggestion(entry.key, known));
    }
    for (const config::Refused& refused : field->set(entry.value))
        complain(refused.line > 0 ? refused.line : entry.line,
                 path + "." + entry.key + refused.suffix, refused.value, refused.message);
}

void ListReader::complain(int line, std::string key, std::string value, std::string message)
{
    m_problems.error({config::Place::Kind::File, m_file, line}, std::move(key), std::move(value),
                     std::move(message));
}

} // namespace sallyport::auth
