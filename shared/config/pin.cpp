#include <sallyport/config/agent_config.h>

#include <cstddef>
#include <optional>
#include <vector>

namespace sallyport::config {

namespace {

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

int base64Digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    if (c == '/' || c == '_')
        return 63;
    return -1;
}

// Digits of `bits` bits each to whole bytes; the bits left over must be zero.
std::optional<std::array<uint8_t, 32>> decode(std::string_view text, int (*digitOf)(char),
                                              unsigned bits)
{
    std::array<uint8_t, 32> bytes{};
    size_t used = 0;
    unsigned held = 0;
    unsigned heldBits = 0;
    for (const char c : text) {
        const int digit = digitOf(c);
        if (digit < 0)
            return {};
        held = (held << bits) | static_cast<unsigned>(digit);
        heldBits += bits;
        if (heldBits < 8)
            continue;
        if (used == bytes.size())
            return {};
        heldBits -= 8;
        bytes[used++] = static_cast<uint8_t>(held >> heldBits);
        held &= (1u << heldBits) - 1;
    }
    if (used != bytes.size() || held != 0)
        return {};
    return bytes;
}

} // namespace

Result<Pin, std::string> Pin::parse(std::string_view text)
{
    constexpr std::string_view prefix = "sha256:";
    if (!text.starts_with(prefix))
        return Failure(std::string("must begin with sha256:"));
    text.remove_prefix(prefix.size());
    std::string hex;
    for (const char c : text)
        if (c != ':')
            hex += c;
    if (hex.size() == 64)
        if (const auto bytes = decode(hex, hexDigit, 4))
            return Pin{*bytes};
    while (text.ends_with('='))
        text.remove_suffix(1);
    if (text.size() == 43)
        if (const auto bytes = decode(text, base64Digit, 6))
            return Pin{*bytes};
    return Failure(
        std::string("needs 64 hexadecimal digits or 43 characters of base64 behind sha256:"));
}

std::string Pin::text() const
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "sha256:";
    for (const uint8_t byte : sha256) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

} // namespace sallyport::config
