#include "yaml_edit.h"

#include <algorithm>

namespace sallyport::control {

namespace {

size_t indentOfLine(const std::string& line)
{
    return std::min(line.find_first_not_of(' '), line.size());
}

bool isBlank(const std::string& line)
{
    return line.find_first_not_of(" \t\r\n") == std::string::npos;
}

bool isComment(const std::string& line)
{
    const size_t first = line.find_first_not_of(" \t");
    return first != std::string::npos && line[first] == '#';
}

bool endsDocument(const std::string& line)
{
    return line.starts_with("...");
}

} // namespace

YamlEdit::YamlEdit(std::string_view text)
{
    while (!text.empty()) {
        const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        m_lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    if (!m_lines.empty() && m_lines.front().ends_with("\r\n"))
        m_lineEnd = "\r\n";
}

YamlEdit::Range YamlEdit::whole() const
{
    const auto end = std::find_if(m_lines.begin(), m_lines.end(), endsDocument);
    return {0, static_cast<size_t>(end - m_lines.begin())};
}

YamlEdit::Range YamlEdit::rangeOf(const config::Node& map, size_t entry, Range area) const
{
    Range range;
    range.first = static_cast<size_t>(map.entries[entry].line - 1);
    range.end = entry + 1 < map.entries.size()
                    ? static_cast<size_t>(map.entries[entry + 1].line - 1)
                    : area.end;
    const size_t indent = indentOfLine(m_lines[range.first]);
    // What stands above the next key is about that one.
    while (range.end > range.first + 1) {
        const std::string& last = m_lines[range.end - 1];
        if (!isBlank(last) && !(isComment(last) && indentOfLine(last) <= indent))
            break;
        --range.end;
    }
    return range;
}

bool YamlEdit::isBlock(const config::Node& map) const
{
    if (map.kind != config::Node::Kind::Map || map.flow || map.entries.empty())
        return false;
    return std::all_of(map.entries.begin(), map.entries.end(), [&](const auto& entry) {
        if (entry.line < 1 || static_cast<size_t>(entry.line) > m_lines.size())
            return false;
        const std::string& line = m_lines[static_cast<size_t>(entry.line - 1)];
        std::string_view rest(line);
        rest.remove_prefix(indentOfLine(line));
        if (rest.starts_with('"') || rest.starts_with('\''))
            rest.remove_prefix(1);
        return indentOfLine(line) == indentOf(map) && rest.starts_with(entry.key);
    });
}

size_t YamlEdit::indentOf(const config::Node& map) const
{
    return indentOfLine(m_lines[static_cast<size_t>(map.entries.front().line - 1)]);
}

void YamlEdit::replace(Range range, std::vector<std::string> lines)
{
    if (range.end == range.first + 1 && lines.size() == 1)
        lines.front() += commentBehind(m_lines[range.first]);
    remove(range);
    insert(range.first, lines);
}

void YamlEdit::insert(size_t at, const std::vector<std::string>& lines)
{
    if (at > 0 && !m_lines[at - 1].ends_with('\n'))
        m_lines[at - 1] += m_lineEnd;
    std::vector<std::string> ended;
    for (const std::string& line : lines)
        ended.push_back(withEnd(line));
    m_lines.insert(m_lines.begin() + static_cast<std::ptrdiff_t>(at), ended.begin(), ended.end());
}

void YamlEdit::remove(Range range)
{
    m_lines.erase(m_lines.begin() + static_cast<std::ptrdiff_t>(range.first),
                  m_lines.begin() + static_cast<std::ptrdiff_t>(range.end));
}

std::string YamlEdit::text() const
{
    std::string text;
    for (const std::string& line : m_lines)
        text += line;
    return text;
}

std::string YamlEdit::withEnd(const std::string& line) const
{
    return line + m_lineEnd;
}

// With its blanks; nothing where a quote makes it unclear.
std::string YamlEdit::commentBehind(const std::string& line) const
{
    const size_t hash = line.find(" #");
    if (hash == std::string::npos || line.find_first_of("\"'") < hash)
        return {};
    const size_t blanks = line.find_last_not_of(" \t", hash) + 1;
    return line.substr(blanks, line.find_last_not_of("\r\n") + 1 - blanks);
}

} // namespace sallyport::control
