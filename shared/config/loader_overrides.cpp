// The loader's second half: values that stand in no file's tree but in variables and flags.
#include "loader_parts.h"

#include <sallyport/config/files.h>
#include <sallyport/config/loader.h>
#include <sallyport/config/suggest.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace sallyport::config {

std::string withHome(const std::string& path)
{
    const char* home = std::getenv("HOME");
    return path.starts_with("~/") && home ? home + path.substr(1) : path;
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

} // namespace sallyport::config
