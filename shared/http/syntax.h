// The small grammar that every file here needs: character classes, comparison without case, lists.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sallyport::http {

constexpr std::string_view Digits = "0123456789";
constexpr std::string_view Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

namespace detail {
constexpr auto charTable(std::string_view first, std::string_view second, std::string_view third)
{
    std::array<bool, 256> table{};
    for (std::string_view part : {first, second, third})
        for (char c : part)
            table[static_cast<unsigned char>(c)] = true;
    return table;
}
inline constexpr auto TokenTable = charTable(Digits, Letters, "!#$%&'*+-.^_`|~");
} // namespace detail

// RFC 9110 section 5.6.2
constexpr bool isTokenChar(char c)
{
    return detail::TokenTable[static_cast<unsigned char>(c)];
}
inline bool isToken(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), isTokenChar);
}
constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
constexpr bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}
// What may stand in a field's value: everything but control characters; tabs may.
constexpr bool isValueChar(char c)
{
    const auto u = static_cast<unsigned char>(c);
    return (u >= 0x20 && u != 0x7f) || u == '\t';
}

constexpr char toLower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}
// `lower` must be in lower case.
inline bool equalsNoCase(std::string_view text, std::string_view lower)
{
    return text.size() == lower.size() &&
           std::equal(text.begin(), text.end(), lower.begin(),
                      [](char a, char b) { return toLower(a) == b; });
}
inline bool sameNoCase(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return toLower(x) == toLower(y);
           });
}

inline std::string_view trimBlanks(std::string_view text)
{
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back()))
        text.remove_suffix(1);
    return text;
}

// Calls visit(member) for each non-empty member of a comma-separated list until it returns false.
// Quoted strings are not understood: the lists of this library hold tokens.
template <typename Visit>
void forEachListMember(std::string_view list, Visit&& visit)
{
    while (!list.empty()) {
        const size_t comma = std::min(list.find(','), list.size());
        const std::string_view member = trimBlanks(list.substr(0, comma));
        if (!member.empty() && !visit(member))
            return;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
}

// Index of the first byte that may not stand inside a line (a control character other than tab, so
// also CR, LF and NUL), or the size. Eight bytes at a time, because this touches every byte of
// every head.
inline size_t findControl(std::string_view text)
{
    size_t i = 0;
    if constexpr (std::endian::native == std::endian::little) {
        constexpr uint64_t Ones = 0x0101010101010101u;
        while (i + 8 <= text.size()) {
            uint64_t word;
            std::memcpy(&word, text.data() + i, 8);
            const uint64_t del = word ^ (Ones * 0x7f);
            const uint64_t hits =
                (((word - Ones * 0x20) & ~word) | ((del - Ones) & ~del)) & (Ones * 0x80);
            if (hits == 0) {
                i += 8;
                continue;
            }
            // A borrow can only make false hits above a true one, so the lowest is exact.
            i += static_cast<size_t>(std::countr_zero(hits)) / 8;
            if (text[i] != '\t')
                return i;
            ++i;
        }
    }
    while (i < text.size() && isValueChar(text[i]))
        ++i;
    return i;
}

} // namespace sallyport::http
