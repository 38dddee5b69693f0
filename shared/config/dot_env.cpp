#include <sallyport/config/sources.h>

#include <algorithm>
#include <utility>

namespace sallyport::config {

namespace {

using Text = Result<std::string, std::string>;

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

void skipBlanks(std::string_view& text)
{
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
}

bool isNameCharacter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

Text singleQuoted(std::string_view& text)
{
    const size_t end = text.find('\'', 1);
    if (end == std::string_view::npos)
        return Failure(std::string("the ' has no end in this line"));
    std::string value(text.substr(1, end - 1));
    text.remove_prefix(end + 1);
    return value;
}

Result<char, std::string> escaped(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case '"':
    case '\\':
    case '$':
        return c;
    default:
        return Failure("unknown escape \\" + std::string(1, c) +
                       ": \\n \\t \\\" \\\\ \\$ are understood");
    }
}

constexpr std::string_view noExpansion = "variables are not expanded: put the value in single "
                                         "quotes if the $ is meant";

Text doubleQuoted(std::string_view& text)
{
    std::string value;
    for (size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return value;
        }
        if (text[i] == '$')
            return Failure(std::string(noExpansion));
        if (text[i] == '\\' && i + 1 < text.size()) {
            const auto c = escaped(text[++i]);
            if (!c)
                return Failure(c.error());
            value += *c;
            continue;
        }
        value += text[i];
    }
    return Failure(std::string("the \" has no end in this line"));
}

// Up to a blank and "#", without blanks at its end.
Text bare(std::string_view& text)
{
    size_t end = text.size();
    for (size_t i = 0; i < text.size(); ++i)
        if (text[i] == '#' && (i == 0 || isBlank(text[i - 1]))) {
            end = i;
            break;
        }
    std::string_view value = text.substr(0, end);
    text.remove_prefix(end);
    while (!value.empty() && isBlank(value.back()))
        value.remove_suffix(1);
    if (value.find('$') != std::string_view::npos)
        return Failure(std::string(noExpansion));
    if (value.find_first_of("'\"`\\") != std::string_view::npos)
        return Failure(std::string("put a value with quotes or backslashes in single quotes"));
    return std::string(value);
}

Text readValue(std::string_view text)
{
    skipBlanks(text);
    const bool isSingle = text.starts_with('\'');
    const bool isDouble = text.starts_with('"');
    Text value = isSingle ? singleQuoted(text) : isDouble ? doubleQuoted(text) : bare(text);
    if (!value)
        return value;
    const bool apart = text.empty() || isBlank(text.front()) || (!isSingle && !isDouble);
    skipBlanks(text);
    if (!text.empty() && (text.front() != '#' || !apart))
        return Failure(std::string("something stands behind the closing quote"));
    return value;
}

// A line that is neither empty nor a comment.
Result<std::pair<std::string, std::string>, std::string> readLine(std::string_view line)
{
    constexpr std::string_view exportWord = "export";
    if (line.starts_with(exportWord) && line.size() > exportWord.size() &&
        isBlank(line[exportWord.size()])) {
        line.remove_prefix(exportWord.size());
        skipBlanks(line);
    }
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos)
        return Failure(std::string("is not NAME=VALUE"));
    const std::string_view name = line.substr(0, equals);
    if (name.empty() || (name[0] >= '0' && name[0] <= '9') ||
        !std::all_of(name.begin(), name.end(), isNameCharacter))
        return Failure(
            std::string("is not NAME=VALUE: a name is letters, digits and _, and no blank "
                        "stands before the ="));
    auto value = readValue(line.substr(equals + 1));
    if (!value)
        return Failure(value.error());
    return std::pair(std::string(name), std::move(*value));
}

} // namespace

Result<std::vector<DotEnvLine>, Problems> parseDotEnv(std::string_view text,
                                                      const std::string& name)
{
    std::vector<DotEnvLine> lines;
    Problems problems;
    const auto complain = [&](int line, const std::string& key, std::string message) {
        problems.error({Place::Kind::DotEnv, name, line}, key, "", std::move(message));
    };
    if (text.starts_with("\xef\xbb\xbf"))
        text.remove_prefix(3);
    for (int number = 1; !text.empty(); ++number) {
        const size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        skipBlanks(line);
        if (line.empty() || line.front() == '#')
            continue;
        auto read = readLine(line);
        if (!read) {
            complain(number, "", read.error());
            continue;
        }
        const auto before = std::find_if(lines.begin(), lines.end(), [&](const DotEnvLine& other) {
            return other.name == read->first;
        });
        if (before != lines.end()) {
            complain(number, read->first,
                     "is given twice (first in line " + std::to_string(before->line) + ")");
            continue;
        }
        if (lines.size() == MaxDotEnvLines) {
            complain(number, "", "more than " + std::to_string(MaxDotEnvLines) + " variables");
            break;
        }
        lines.push_back({std::move(read->first), std::move(read->second), number});
    }
    if (problems.hasErrors())
        return Failure(std::move(problems));
    return lines;
}

} // namespace sallyport::config
