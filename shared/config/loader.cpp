#include <sallyport/config/files.h>
#include <sallyport/config/loader.h>
#include <sallyport/config/suggest.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace sallyport::config {

namespace {

constexpr std::string_view variablePrefix = "SALLYPORT_";

std::string folderOf(const std::string& path)
{
    const size_t slash = path.find_last_of("/\\");
    return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

bool isAbsolute(const std::string& path)
{
    return path.starts_with('/') || path.starts_with('\\') || (path.size() > 1 && path[1] == ':');
}

std::string withHome(const std::string& path)
{
    const char* home = std::getenv("HOME");
    return path.starts_with("~/") && home ? home + path.substr(1) : path;
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

template <typename Item>
const Item* findPath(const std::vector<Item>& items, const std::string& path)
{
    const auto found = std::find_if(items.begin(), items.end(),
                                    [&](const Item& item) { return item.path == path; });
    return found == items.end() ? nullptr : &*found;
}

Node scalar(std::string text, int line)
{
    Node node;
    node.kind = Node::Kind::Scalar;
    node.text = std::move(text);
    node.line = line;
    return node;
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

// The environment

void Loader::applyVariables(const Fields& fields)
{
    for (const Field& field : fields.fields())
        applyVariable(field, field.path);
    for (const FieldMap& map : fields.maps())
        applyMapVariables(map);
    for (const ReservedField& reserved : fields.reservedFields())
        if (const Setting* setting = variable(environmentName(reserved.path)))
            m_problems.error(setting->place, reserved.path, "", reserved.message);
}

void Loader::applyVariable(const Field& field, const std::string& path)
{
    const Setting* setting = variable(environmentName(path));
    const Setting* inFile = field.secret ? variable(environmentName(path) + "_FILE") : nullptr;
    if (setting && inFile && setting->place.kind == inFile->place.kind) {
        m_problems.error(inFile->place, path, "",
                         "is given twice, as itself and as a file: unset one of the two");
        return;
    }
    const bool fileWins = inFile && (!setting || inFile->place.kind == Place::Kind::Environment);
    if (fileWins)
        applySecretFile(field, path, *inFile);
    else if (setting)
        setText(field, path, *setting);
}

void Loader::applySecretFile(const Field& field, const std::string& path, const Setting& setting)
{
    const std::string name = setting.place.kind == Place::Kind::DotEnv ? besideConfig(setting.text)
                                                                       : withHome(setting.text);
    auto file = readFile(name, 64 * 1024);
    m_files.push_back(name);
    if (!file) {
        m_problems.error(setting.place, path, name, toText(file.error()));
        return;
    }
    while (!file->text.empty() && (file->text.back() == '\n' || file->text.back() == '\r'))
        file->text.pop_back();
    // The place is the secret's own file from here on: its permissions are what its owner gave it
    // (a container's secrets are often readable by all inside it), not those of .env.
    set(field, path, scalar(std::move(file->text), 0), {Place::Kind::Environment, name, 0});
}

void Loader::applyMapVariables(const FieldMap& map)
{
    Fields shape;
    map.shape(shape);
    const std::string prefix = environmentName(map.path) + "_";
    for (const auto& [name, setting] : m_variables) {
        if (!name.starts_with(prefix) || setting.text.empty())
            continue;
        // The longest key that the name ends with: WEB_REMOTE_PORT is web's remote_port.
        const Field* match = nullptr;
        std::string suffix;
        for (const Field& field : shape.fields()) {
            std::string ending = environmentName("." + field.path).substr(variablePrefix.size());
            if (name.size() > prefix.size() + ending.size() && name.ends_with(ending) &&
                ending.size() > suffix.size()) {
                match = &field;
                suffix = std::move(ending);
            }
        }
        if (!match)
            continue;
        m_known.insert(name);
        std::string key = name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
        for (const auto& [existing, table] : m_entries[map.path])
            if (environmentName(existing) == std::string(variablePrefix) + key)
                key = existing;
        std::transform(key.begin(), key.end(), key.begin(), [](char c) {
            return c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        });
        if (Fields* entry = entryOf(map, key, setting.place))
            if (const Field* field = findPath(entry->fields(), match->path))
                setText(*field, map.path + "." + key + "." + field->path, setting);
    }
}

void Loader::warnOfUnknownVariables()
{
    const std::vector<std::string> known(m_known.begin(), m_known.end());
    std::vector<std::string> shortNames;
    for (const std::string& name : known)
        shortNames.push_back(name.substr(variablePrefix.size()));
    for (const auto& [name, setting] : m_variables) {
        if (m_known.count(name) > 0)
            continue;
        // The environment holds variables of others that merely begin alike (Kubernetes makes
        // SALLYPORT_SERVICE_HOST for a service named sallyport), so only a likely slip is told of.
        const std::string near = closest(name.substr(variablePrefix.size()), shortNames);
        if (!near.empty())
            m_problems.warning(setting.place, name, "",
                               "has no meaning, did you mean \"" + std::string(variablePrefix) +
                                   near + "\"?");
        else if (setting.place.kind == Place::Kind::DotEnv)
            m_problems.warning(setting.place, name, "", "has no meaning here");
    }
}

// A variable that is set to something; an empty one counts as unset, as containers leave them.
const Loader::Setting* Loader::variable(const std::string& name)
{
    m_known.insert(name);
    const auto found = m_variables.find(name);
    return found == m_variables.end() || found->second.text.empty() ? nullptr : &found->second;
}

// Flags

void Loader::applyFlags(const Fields& fields)
{
    for (const Flag& flag : m_sources.flags) {
        const Place place{Place::Kind::Flag, flag.flag, 0};
        if (const Field* field = findPath(fields.fields(), flag.path)) {
            setText(*field, flag.path, {place, flag.text});
            continue;
        }
        const bool taken =
            std::any_of(fields.maps().begin(), fields.maps().end(),
                        [&](const FieldMap& map) { return applyMapFlag(map, flag); });
        if (!taken)
            m_problems.error(place, flag.path, "", "unknown key");
    }
}

bool Loader::applyMapFlag(const FieldMap& map, const Flag& flag)
{
    const std::string prefix = map.path + ".";
    const size_t dot = flag.path.find('.', prefix.size());
    if (!flag.path.starts_with(prefix) || dot == std::string::npos)
        return false;
    const Place place{Place::Kind::Flag, flag.flag, 0};
    const std::string key = flag.path.substr(prefix.size(), dot - prefix.size());
    Fields shape;
    map.shape(shape);
    if (!findPath(shape.fields(), flag.path.substr(dot + 1)))
        return false;
    if (Fields* entry = entryOf(map, key, place))
        setText(*findPath(entry->fields(), flag.path.substr(dot + 1)), flag.path,
                {place, flag.text});
    return true;
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
