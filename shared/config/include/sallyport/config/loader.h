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
    struct Table;

    void readFile();
    void readDotEnv();
    void applyNode(const Table& table, const std::string& path, const Node& node);
    void applyVariables(const Table& table, const std::map<std::string, Setting>& variables);
    void applyFlags(const Table& table);
    void set(const Field& field, Node node, const Place& place);
    std::string resolved(const std::string& path) const;

    Sources m_sources;
    Node m_root;
    unsigned m_fileMode = 0;
    unsigned m_dotEnvMode = 0;
    std::map<std::string, Setting> m_dotEnv;
    std::map<std::string, Place> m_places;
    std::vector<std::string> m_files;
    Problems m_problems;
};

} // namespace sallyport::config
