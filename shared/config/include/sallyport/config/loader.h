// Fills a table of fields from flags, environment, .env and file, and finds everything that is
// wrong.
//
//     RelayConfig config;
//     Fields fields;
//     declare(config, fields);
//     Loader loader(sources);
//     loader.apply(fields);
//     loader.complain("tls.key", "is needed when tls.certificate is given");   // checks across
//     fields if (loader.problems().hasErrors()) ...
//
// Programs call RelayConfig::load() or AgentConfig::load(), which do this.
#pragma once

#include <sallyport/config/document.h>
#include <sallyport/config/fields.h>
#include <sallyport/config/problem.h>
#include <sallyport/config/sources.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::config {

// A configuration that holds, and what a person should know about it all the same.
template <typename C>
struct Loaded
{
    C config;
    Problems warnings;
    std::vector<std::string> files; // that were read, or would be if they existed: watch these
};

class Loader
{
public:
    explicit Loader(const Sources& sources);

    // Call once. The tables and their targets must outlive the call only.
    void apply(Fields& fields);

    // A problem with a field's value, found by looking at several fields. The place is where the
    // value came from.
    void complain(const std::string& path, std::string message);
    void warn(const std::string& path, std::string message);
    // Where the value came from; the default place when nobody gave one.
    Place placeOf(const std::string& path) const;
    // Whether somebody gave a value at all, right or wrong.
    bool isGiven(const std::string& path) const { return m_places.count(path) > 0; }
    // Whether something at or below the path was refused, so that a consequence of it need not be.
    bool hasComplainedAbout(const std::string& path) const;
    // Permission bits of the file that the value stands in; 0 when it is none.
    unsigned fileModeOf(const std::string& path) const;

    const Problems& problems() const { return m_problems; }
    const std::vector<std::string>& files() const { return m_files; }

private:
    struct Setting
    {
        Place place;
        std::string text;
    };
    // A table and the path that its fields are below.
    struct Table
    {
        const Fields* fields;
        std::string prefix;
        std::string full(const std::string& path) const;
    };
    // The tables of the keys of one FieldMap.
    using Entries = std::map<std::string, Fields>;

    void readConfigFile();
    void readDotEnv();
    void applyMap(const Table& table, const std::string& below, const Node& node);
    void applyEntry(const Table& table, const std::string& path, const NodeEntry& entry);
    void applyFieldMap(const FieldMap& map, const NodeEntry& entry);
    void complainUnknown(const Table& table, const std::string& below, const NodeEntry& entry);

    void applyVariables(const Fields& fields);
    void applyVariable(const Field& field, const std::string& path);
    void applySecretFile(const Field& field, const std::string& path, const Setting& setting);
    void applyMapVariables(const FieldMap& map);
    void warnOfUnknownVariables();
    const Setting* variable(const std::string& name);

    void applyFlags(const Fields& fields);
    bool applyMapFlag(const FieldMap& map, const Flag& flag);

    Fields* entryOf(const FieldMap& map, const std::string& key, const Place& place);
    void set(const Field& field, const std::string& path, Node node, const Place& place);
    void setText(const Field& field, const std::string& path, const Setting& setting);
    std::string besideConfig(const std::string& path) const;
    Place inFile(int line) const;

    Sources m_sources;
    Node m_root;
    unsigned m_fileMode = 0;
    unsigned m_dotEnvMode = 0;
    std::map<std::string, Setting> m_variables; // of .env and the environment, by name
    std::set<std::string> m_known;              // names of variables that mean something
    std::map<std::string, Place> m_places;      // by path
    std::map<std::string, Entries> m_entries;   // by the map's path
    std::vector<std::string> m_files;
    Problems m_problems;
};

} // namespace sallyport::config
