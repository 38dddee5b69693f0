#include "import/readers.h"

#include <sallyport/config/sources.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sallyport::desktop {

namespace {

using config::Node;

std::string_view trimmed(std::string_view text)
{
    const size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string_view nextLine(std::string_view& text)
{
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return trimmed(line);
}

Node scalar(std::string_view text, int line)
{
    Node node;
    node.kind = Node::Kind::Scalar;
    node.line = line;
    node.text = std::string(text);
    return node;
}

Node emptyMap(int line)
{
    Node node;
    node.kind = Node::Kind::Map;
    node.line = line;
    return node;
}

std::string withoutQuotes(std::string_view value)
{
    const bool quoted = value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
                        value.back() == value.front();
    return std::string(quoted ? value.substr(1, value.size() - 2) : value);
}

bool isCommentOrBlank(std::string_view line)
{
    return line.empty() || line.front() == '#' || line.front() == ';';
}

// The first line that says something.
std::string_view firstLine(std::string_view text)
{
    while (!text.empty()) {
        const std::string_view line = nextLine(text);
        if (!isCommentOrBlank(line))
            return line;
    }
    return {};
}

bool looksLikeEnv(std::string_view text)
{
    std::string_view line = firstLine(text);
    if (line.starts_with("export "))
        line = trimmed(line.substr(7));
    const std::string_view name = line.substr(0, line.find('='));
    return name.size() < line.size() && !name.empty() &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
           });
}

// TOML and INI both begin with "[section]" or "key = value"; YAML has a colon where they have none.
bool looksLikeSections(std::string_view text)
{
    const std::string_view line = firstLine(text);
    if (line.starts_with('['))
        return true;
    return line.find('=') < line.find(':');
}

bool endsWith(const std::string& name, std::string_view ending)
{
    return name.size() > ending.size() && name.ends_with(ending);
}

} // namespace

Result<Node, std::string> readYaml(std::string_view text, const std::string& fileName)
{
    auto tree = config::document::parse(text, fileName);
    if (tree)
        return std::move(*tree);
    // The value may be a secret: the place and the reason suffice.
    const config::Problem& first = tree.error().list().front();
    return Failure(first.place.text() + ": " + first.message);
}

Result<Node, std::string> readIni(std::string_view text, const std::string& fileName)
{
    Node root = emptyMap(1);
    Node* section = &root;
    size_t entries = 0;
    for (int number = 1; !text.empty(); ++number) {
        const std::string_view line = nextLine(text);
        if (isCommentOrBlank(line))
            continue;
        const std::string place = fileName + ":" + std::to_string(number);
        if (++entries > config::document::MaxKeys)
            return Failure(place + ": has more than 2,000 entries");
        if (line.starts_with('[')) {
            if (!line.ends_with(']'))
                return Failure(place + ": a section needs a closing bracket");
            root.entries.push_back(
                {std::string(trimmed(line.substr(1, line.size() - 2))), number, emptyMap(number)});
            section = &root.entries.back().value;
            continue;
        }
        const size_t equals = line.find('=');
        if (equals == std::string_view::npos)
            return Failure(place + ": is neither a section nor NAME = VALUE");
        section->entries.push_back(
            {std::string(trimmed(line.substr(0, equals))), number,
             scalar(withoutQuotes(trimmed(line.substr(equals + 1))), number)});
    }
    return root;
}

Result<Node, std::string> readEnv(std::string_view text, const std::string& fileName)
{
    auto lines = config::parseDotEnv(text, fileName);
    if (!lines) {
        const config::Problem& first = lines.error().list().front();
        return Failure(first.place.text() + ": " + first.message);
    }
    Node root = emptyMap(1);
    for (const config::DotEnvLine& line : *lines)
        root.entries.push_back({line.name, line.line, scalar(line.value, line.line)});
    return root;
}

Result<Node, std::string> readConfigTree(std::string_view text, const std::string& fileName)
{
    if (endsWith(fileName, ".yml") || endsWith(fileName, ".yaml"))
        return readYaml(text, fileName);
    if (endsWith(fileName, ".toml"))
        return readToml(text, fileName);
    if (endsWith(fileName, ".ini"))
        return readIni(text, fileName);
    if (endsWith(fileName, ".env") || looksLikeEnv(text))
        return readEnv(text, fileName);
    if (!looksLikeSections(text))
        return readYaml(text, fileName);
    if (auto tree = readToml(text, fileName))
        return tree;
    return readIni(text, fileName);
}

} // namespace sallyport::desktop
