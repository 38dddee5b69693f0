#include "name_words.h"

#include <sallyport/wire/names.h>

#include <algorithm>
#include <optional>

namespace sallyport::wire {

namespace {

constexpr std::string_view WildcardPrefix = "*.";

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isNameCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || isDigit(c) || c == '-';
}

std::optional<HostnameError> checkLabel(std::string_view label)
{
    if (label.empty())
        return HostnameError::EmptyLabel;
    for (const char c : label)
        if (!isNameCharacter(c))
            return c == '_'   ? HostnameError::Underscore
                   : c == '*' ? HostnameError::BadWildcard
                              : HostnameError::BadCharacter;
    if (label.size() > MaxName)
        return HostnameError::TooLong;
    if (label.front() == '-' || label.back() == '-')
        return HostnameError::Hyphen;
    return std::nullopt;
}

std::string lowered(std::string_view text)
{
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + ('a' - 'A'));
    return lower;
}

// FNV-1a, then a finalizer (of MurmurHash3), because the words are cut out of single bits.
uint64_t hash(std::string_view a, std::string_view b)
{
    uint64_t h = 0xcbf29ce484222325u;
    const auto add = [&h](std::string_view text) {
        for (const char c : text)
            h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    };
    add(a);
    add(std::string_view("\0", 1)); // ("ab", "c") is not ("a", "bc")
    add(b);
    h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdu;
    h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53u;
    return h ^ (h >> 33);
}

} // namespace

bool isValidName(std::string_view name)
{
    return !name.empty() && name.size() <= MaxName &&
           std::all_of(name.begin(), name.end(), isNameCharacter) && name.front() != '-' &&
           name.back() != '-';
}

Result<std::string, HostnameError> parseHostname(std::string_view text)
{
    if (text.ends_with('.'))
        text.remove_suffix(1);
    if (text.empty())
        return Failure(HostnameError::Empty);
    if (text.size() > MaxHostname)
        return Failure(HostnameError::TooLong);

    std::string hostname = lowered(text);
    std::string_view rest = hostname;
    if (isWildcard(rest)) {
        rest.remove_prefix(WildcardPrefix.size());
        if (rest.find('.') == std::string_view::npos)
            return Failure(HostnameError::BadWildcard);
    }
    for (;;) {
        const size_t dot = rest.find('.');
        const std::string_view label = rest.substr(0, dot);
        if (const std::optional<HostnameError> error = checkLabel(label))
            return Failure(*error);
        if (dot == std::string_view::npos) {
            if (std::all_of(label.begin(), label.end(), isDigit))
                return Failure(HostnameError::Numeric);
            return hostname;
        }
        rest.remove_prefix(dot + 1);
    }
}

bool isWildcard(std::string_view hostname)
{
    return hostname.starts_with(WildcardPrefix);
}

std::string chooseName(std::string_view agentId, std::string_view tunnelRef, uint32_t attempt)
{
    const uint64_t h = hash(agentId, tunnelRef);
    std::string name(Adjectives[h % Adjectives.size()]);
    name.append("-").append(Nouns[(h >> 32) % Nouns.size()]);
    if (attempt > 0)
        name.append("-" + std::to_string(static_cast<uint64_t>(attempt) + 1));
    return name;
}

std::string_view describe(HostnameError error)
{
    switch (error) {
    case HostnameError::Empty:
        return "a host name is not empty";
    case HostnameError::TooLong:
        return "a host name has at most 253 characters, and 63 between two dots";
    case HostnameError::EmptyLabel:
        return "there is nothing between two dots of the host name";
    case HostnameError::Underscore:
        return "underscore is not allowed in a host name";
    case HostnameError::BadCharacter:
        return "a host name has letters, digits, hyphens and dots only";
    case HostnameError::Hyphen:
        return "no part of a host name begins or ends with a hyphen";
    case HostnameError::Numeric:
        return "this is an address, not a host name";
    case HostnameError::BadWildcard:
        return "a wildcard is the whole first part, with two parts or more behind it: "
               "*.example.com";
    }
    return {};
}

} // namespace sallyport::wire
