#include "loader_parts.h"

#include <sallyport/config/files.h>
#include <sallyport/config/loader.h>
#include <sallyport/config/suggest.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace sallyport::config {

namespace {

std::string folderOf(const std::string& path)
{
    const size_t slash = path.find_last_of("/\\");
    return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

bool isAbsolute(const std::string& path)
{
    return path.starts_with('/') || path.starts_with('\\') || (path.size() > 1 && path[1] == ':');
}

// "limits" for the path "limits.head" below ""; "head" for it below "limits"; empty when it is not
// below.
std::string nextPart(const std::string& path, const std::string& below)
{
    const std::string prefix = below.empty() ? "" : below + ".";
    if (!path.starts_with(prefix))
        return {};
    return path.substr(prefix.size(), path.find('.', prefix.size()) - prefix.size());
}

std::vector<std::string> allPaths(const Fields& fields)
{
    std::vector<std::string> paths;
    for (const Field& field : fields.fields())
        paths.push_back(field.path);
    for (const ReservedField& field : fields.reservedFields())
        paths.push_back(field.path);
    for (const FieldMap& map : fields.maps())
        paths.push_back(map.path);
    return paths;
}

} // namespace

std::string Loader::Table::full(const std::string& path) const
{
    return prefix.empty() ? path : prefix + "." + path;
}

Loader::Loader(const Sources& sources) : m_sources(sources) {}

void Loader::apply(Fields& fields)
{
    readConfigFile();
    readDotEnv();
    for (const auto& [name, text] : m_sources.environment)
        if (name.starts_with(variablePrefix))
            m_variables[name] = {{Place::Kind::Environment, name, 0}, text};

    applyMap({&fields, ""}, "", m_root);
    applyVariables(fields);
    applyFlags(fields);
    warnOfUnknownVariables();
}

void Loader::complain(const std::string& path, std::string message)
{
    m_problems.error(placeOf(path), path, "", std::move(message));
}

void Loader::warn(const std::string& path, std::string message)
{
    m_problems.warning(placeOf(path), path, "", std::move(message));
}

Place Loader::placeOf(const std::string& path) const
{
    const auto found = m_places.find(path);
    return found == m_places.end() ? Place{Place::Kind::Default, m_sources.file, 0} : found->second;
}

unsigned Loader::fileModeOf(const std::string& path) const
{
    const Place place = placeOf(path);
    return place.kind == Place::Kind::File     ? m_fileMode
           : place.kind == Place::Kind::DotEnv ? m_dotEnvMode
                                               : 0;
}

bool Loader::hasComplainedAbout(const std::string& path) const
{
    const auto& list = m_problems.list();
    return std::any_of(list.begin(), list.end(), [&](const Problem& problem) {
        return problem.severity == Problem::Severity::Error &&
               (problem.key == path || problem.key.starts_with(path + "."));
    });
}

// The two files

void Loader::readConfigFile()
{
    m_root.kind = Node::Kind::Map;
    if (m_sources.file.empty())
        return;
    m_files.push_back(m_sources.file);
    const auto file = readFile(m_sources.file);
    if (!file) {
        if (file.error() != FileError::Missing || m_sources.fileNamed)
            m_problems.error(inFile(0), "", "", toText(file.error()));
        return;
    }
    m_fileMode = file->mode;
    auto root = document::parse(file->text, m_sources.file);
    if (!root) {
        for (const Problem& problem : root.error().list())
            m_problems.add(problem);
        return;
    }
    if (root->kind != Node::Kind::Map) {
        m_problems.error(inFile(root->line), "", "", "must hold keys and values (key: value)");
        return;
    }
    m_root = std::move(*root);
}

void Loader::readDotEnv()
{
    if (m_sources.file.empty())
        return;
    const std::string name = besideConfig(".env");
    m_files.push_back(name);
    const auto file = readFile(name);
    if (!file) {
        if (file.error() != FileError::Missing)
            m_problems.error({Place::Kind::DotEnv, name, 0}, "", "", toText(file.error()));
        return;
    }
    m_dotEnvMode = file->mode;
    auto lines = parseDotEnv(file->text, name);
    if (!lines) {
        for (const Problem& problem : lines.error().list())
            m_problems.add(problem);
        return;
    }
    for (const DotEnvLine& line : *lines)
        if (line.name.starts_with(variablePrefix))
            m_variables[line.name] = {{Place::Kind::DotEnv, name, line.line}, line.value};
}

// The file's keys

void Loader::applyMap(const Table& table, const std::string& below, const Node& node)
{
    for (const NodeEntry& entry : node.entries)
        applyEntry(table, below, entry);
}

void Loader::applyEntry(const Table& table, const std::string& below, const NodeEntry& entry)
{
    // "a.b: 1" is not another way to write "a: {b: 1}".
    if (entry.key.find('.') != std::string::npos) {
        complainUnknown(table, below, entry);
        return;
    }
    const std::string path = below.empty() ? entry.key : below + "." + entry.key;
    if (const Field* field = findPath(table.fields->fields(), path)) {
        set(*field, table.full(path), entry.value, inFile(entry.line));
        return;
    }
    if (const ReservedField* reserved = findPath(table.fields->reservedFields(), path)) {
        m_problems.error(inFile(entry.line), table.full(path), "", reserved->message);
        return;
    }
    if (const FieldMap* map = findPath(table.fields->maps(), path)) {
        applyFieldMap(*map, entry);
        return;
    }
    const auto paths = allPaths(*table.fields);
    const bool isSection = std::any_of(paths.begin(), paths.end(), [&](const std::string& known) {
        return known.starts_with(path + ".");
    });
    if (!isSection) {
        complainUnknown(table, below, entry);
        return;
    }
    if (entry.value.kind == Node::Kind::Map)
        applyMap(table, path, entry.value);
    else if (entry.value.kind != Node::Kind::Null)
        m_problems.error(inFile(entry.line), table.full(path), "",
                         "is a section: its keys stand below it");
}

void Loader::applyFieldMap(const FieldMap& map, const NodeEntry& entry)
{
    if (entry.value.kind == Node::Kind::Null)
        return;
    if (entry.value.kind != Node::Kind::Map) {
        m_problems.error(inFile(entry.line), map.path, "",
                         "takes names and what they mean, like " + map.example);
        return;
    }
    for (const NodeEntry& item : entry.value.entries) {
        const Place place = inFile(item.line);
        Fields* fields = entryOf(map, item.key, place);
        if (!fields)
            continue;
        const std::string path = map.path + "." + item.key;
        if (item.value.kind == Node::Kind::Map)
            applyMap({fields, path}, "", item.value);
        else
            m_problems.error(place, path, item.value.text,
                             "needs keys of its own, like " + map.example);
    }
}

void Loader::complainUnknown(const Table& table, const std::string& below, const NodeEntry& entry)
{
    std::vector<std::string> siblings;
    std::string elsewhere;
    for (const std::string& path : allPaths(*table.fields)) {
        if (std::string part = nextPart(path, below); !part.empty())
            siblings.push_back(std::move(part));
        if (path == entry.key || path.ends_with("." + entry.key))
            elsewhere = table.full(path);
    }
    std::string message = "unknown key" + suggestion(entry.key, siblings);
    if (!elsewhere.empty())
        message = "unknown key here, did you mean \"" + elsewhere + "\"?";
    const std::string path = below.empty() ? entry.key : below + "." + entry.key;
    m_problems.error(inFile(entry.line), table.full(path), "", std::move(message));
}

// All of them

// The table of one key, made when it is new; nullptr when there may be no such key, which is said.
Fields* Loader::entryOf(const FieldMap& map, const std::string& key, const Place& place)
{
    Entries& entries = m_entries[map.path];
    if (const auto found = entries.find(key); found != entries.end())
        return &found->second;
    if (const auto checked = map.checkKey(key); !checked) {
        m_problems.error(place, map.path, key, checked.error());
        return nullptr;
    }
    if (entries.size() >= map.limit) {
        m_problems.error(place, map.path, key,
                         "is more than the " + std::to_string(map.limit) + " that are allowed");
        return nullptr;
    }
    Fields& entry = entries[key];
    map.entry(entry, key);
    m_places[map.path + "." + key] = place;
    return &entry;
}

void Loader::set(const Field& field, const std::string& path, Node node, const Place& place)
{
    m_places[path] = place;
    if (field.isPath && node.kind == Node::Kind::Scalar && !node.text.empty()) {
        const bool written = place.kind == Place::Kind::File || place.kind == Place::Kind::DotEnv;
        node.text = written ? besideConfig(node.text) : withHome(node.text);
    }
    for (Refused& refused : field.set(node)) {
        Place where = place;
        // An item's line may be another than its key's.
        if (where.kind == Place::Kind::File && !refused.suffix.empty() && refused.line > 0)
            where.line = refused.line;
        m_problems.error(std::move(where), path + refused.suffix,
                         field.secret ? "" : std::move(refused.value), std::move(refused.message));
    }
}

void Loader::setText(const Field& field, const std::string& path, const Setting& setting)
{
    set(field, path, scalar(setting.text, 0), setting.place);
}

std::string Loader::besideConfig(const std::string& path) const
{
    const std::string expanded = withHome(path);
    return isAbsolute(expanded) ? expanded : folderOf(m_sources.file) + expanded;
}

Place Loader::inFile(int line) const
{
    return {Place::Kind::File, m_sources.file, line};
}

} // namespace sallyport::config
