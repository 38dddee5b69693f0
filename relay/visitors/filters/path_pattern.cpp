#include "visitors/filters/path_pattern.h"

namespace sallyport::relay {

namespace {

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool isTreacherous(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f ||
           std::string_view("\\;%?#").find(c) != std::string_view::npos;
}

// Empty, or dots and blanks alone; the last segment may be empty ("/hooks/").
bool hasTreacherousSegment(std::string_view path)
{
    path.remove_prefix(1);
    while (true) {
        const size_t slash = path.find('/');
        const bool last = slash == std::string_view::npos;
        const std::string_view segment = path.substr(0, slash);
        if (segment.empty() ? !last : segment.find_first_not_of(". ") == std::string_view::npos)
            return true;
        if (last)
            return false;
        path.remove_prefix(slash + 1);
    }
}

// The run of the pattern's segment against the path's, with backtracking to the last star alone.
bool segmentMatches(std::string_view pattern, std::string_view text)
{
    size_t p = 0;
    size_t t = 0;
    size_t star = std::string_view::npos;
    size_t mark = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

} // namespace

std::optional<std::string> plainPath(std::string_view target)
{
    target = target.substr(0, target.find('?'));
    if (target.empty() || target.front() != '/')
        return std::nullopt;
    std::string path;
    path.reserve(target.size());
    for (size_t i = 0; i < target.size(); ++i) {
        char c = target[i];
        if (c == '%') {
            if (i + 2 >= target.size())
                return std::nullopt;
            const int high = hexValue(target[i + 1]);
            const int low = hexValue(target[i + 2]);
            if (high < 0 || low < 0)
                return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
            if (c == '/')
                return std::nullopt;
        }
        if (isTreacherous(c))
            return std::nullopt;
        path += c;
    }
    if (hasTreacherousSegment(path))
        return std::nullopt;
    return path;
}

bool pathMatches(std::string_view pattern, std::string_view path)
{
    while (true) {
        // Both begin with a slash here.
        if (pattern == "/*")
            return true;
        pattern.remove_prefix(1);
        path.remove_prefix(1);
        const std::string_view patternSegment = pattern.substr(0, pattern.find('/'));
        const std::string_view segment = path.substr(0, path.find('/'));
        if (!segmentMatches(patternSegment, segment))
            return false;
        pattern.remove_prefix(patternSegment.size());
        path.remove_prefix(segment.size());
        if (pattern.empty() || path.empty())
            return pattern.empty() && path.empty();
    }
}

} // namespace sallyport::relay
