// Changes one entry of a map in a YAML text and leaves every other byte as it is. Internal.
//
//     YamlEdit edit(text);
//     edit.replace(map, "web", node);     // the tree of this very text
//     edit.text();
//
// Works on whole lines: an entry is its key's line and what follows until the next key of the same
// map, less the blank lines and comments above that one. So it changes block style alone ("key:" in
// lines of their own); ask isBlock() first. One change for each YamlEdit: afterwards the tree no
// longer fits. Whoever uses it reads the result again and compares (agent_file.cpp does).
#pragma once

#include <sallyport/config/document.h>

#include <string>
#include <string_view>
#include <vector>

namespace sallyport::control {

class YamlEdit
{
public:
    explicit YamlEdit(std::string_view text);

    // Lines of the text from `first` on, and where they end (exclusive).
    struct Range
    {
        size_t first = 0;
        size_t end = 0;
    };
    // The area of a map: of the document, or of an entry.
    Range whole() const;
    Range rangeOf(const config::Node& map, size_t entry, Range area) const;

    // Whether each key of the map begins a line of the text, at one indent.
    bool isBlock(const config::Node& map) const;
    size_t indentOf(const config::Node& map) const;

    // `lines` without line ends. A comment behind the value of a one-line entry stays.
    void replace(Range range, std::vector<std::string> lines);
    void insert(size_t at, const std::vector<std::string>& lines);
    void remove(Range range);

    std::string text() const;

private:
    std::string withEnd(const std::string& line) const;
    std::string commentBehind(const std::string& line) const;

    std::vector<std::string> m_lines; // with their ends
    std::string m_lineEnd = "\n";
};

} // namespace sallyport::control
