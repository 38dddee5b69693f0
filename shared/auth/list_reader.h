// Reads a YAML file of one key that holds a list of items with known keys (tokens.yaml,
// tenants.yaml): strictly, and every problem names its line.
#pragma once

#include <sallyport/config/document.h>
#include <sallyport/config/fields.h>
#include <sallyport/config/problem.h>

#include <cstddef>
#include <functional>
#include <string>

namespace sallyport::auth {

class ListReader
{
public:
    // At most `limit` items.
    ListReader(std::string file, std::string key, size_t limit);

    // Calls `readItem` with each item and its path ("tokens[2]").
    using ReadItem = std::function<void(const config::Node& item, const std::string& path)>;
    void read(const config::Node& root, const ReadItem& readItem);
    // Fills the fields from an item's keys.
    void readKeys(const config::Fields& fields, const config::Node& item, const std::string& path);
    void complain(int line, std::string key, std::string value, std::string message);

    config::Problems& problems() { return m_problems; }

private:
    void readKey(const config::Fields& fields, const config::NodeEntry& entry,
                 const std::string& path);

    std::string m_file;
    std::string m_key;
    size_t m_limit;
    config::Problems m_problems;
};

} // namespace sallyport::auth
