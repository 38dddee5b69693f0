#include "yaml_flow.h"

#include "tunnel_yaml.h"

#include <algorithm>
#include <vector>

namespace sallyport::control {

namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Not a part of the value: blank, a comment, or a mark of the document.
bool isAround(std::string_view line)
{
    const size_t first = line.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos || line[first] == '#' || line.starts_with("---") ||
           line.starts_with("...") || line.starts_with('%');
}

std::vector<std::string_view> linesOf(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return lines;
}

// Where the quoted text that begins at `at` ends.
size_t behindQuotes(std::string_view text, size_t at)
{
    const char quote = text[at];
    for (++at; at < text.size() && text[at] != quote; ++at)
        if (quote == '"' && text[at] == '\\')
            ++at;
    return at;
}

// In flow style a quote opens a text only where a value or a key begins.
bool hasComment(std::string_view text)
{
    char before = '{'; // the last that is no blank
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '#' && (i == 0 || isBlank(text[i - 1])))
            return true;
        const bool begins = before == '{' || before == '[' || before == ',' || before == ':';
        if ((c == '"' || c == '\'') && begins)
            i = behindQuotes(text, i);
        if (!isBlank(c))
            before = c;
    }
    return false;
}

} // namespace

std::optional<std::string> flowToLines(std::string_view text, const config::Node& root)
{
    const std::vector<std::string_view> lines = linesOf(text);
    const auto first = std::find_if_not(lines.begin(), lines.end(), isAround);
    const auto behind = std::find_if_not(lines.rbegin(), lines.rend(), isAround).base();
    if (!root.flow || first >= behind)
        return std::nullopt;
    std::string value;
    for (auto line = first; line != behind; ++line)
        value += *line;
    if (hasComment(value))
        return std::nullopt;
    const std::string lineEnd = first->ends_with("\r\n") ? "\r\n" : "\n";
    std::string result;
    for (auto line = lines.begin(); line != first; ++line)
        result += *line;
    for (const config::NodeEntry& entry : root.entries)
        for (const std::string& line : asLines(entry.key, entry.value, 0))
            result += line + lineEnd;
    for (auto line = behind; line != lines.end(); ++line)
        result += *line;
    return result;
}

} // namespace sallyport::control
