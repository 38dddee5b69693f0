#include <sallyport/wire/base64.h>

#include <cstdint>

namespace sallyport::wire {

namespace {

constexpr std::string_view Standard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(ByteView bytes, std::string_view alphabet)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    uint32_t held = 0;
    int bits = 0;
    for (const std::byte b : bytes) {
        held = (held << 8) | std::to_integer<uint32_t>(b);
        for (bits += 8; bits >= 6; bits -= 6)
            text += alphabet[(held >> (bits - 6)) & 0x3f];
    }
    if (bits > 0)
        text += alphabet[(held << (6 - bits)) & 0x3f];
    return text;
}

std::optional<std::string> decode(std::string_view text, std::string_view alphabet)
{
    if (text.size() % 4 == 1)
        return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    uint32_t held = 0;
    int bits = 0;
    for (const char c : text) {
        const size_t value = alphabet.find(c);
        if (value == std::string_view::npos)
            return std::nullopt;
        held = (held << 6) | static_cast<uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>((held >> bits) & 0xff);
        }
    }
    // Two texts shall not mean the same bytes.
    if ((held & ((1u << bits) - 1)) != 0)
        return std::nullopt;
    return bytes;
}

} // namespace

std::string toBase64(ByteView bytes)
{
    std::string text = encode(bytes, Standard);
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

std::string toBase64Url(ByteView bytes)
{
    return encode(bytes, Url);
}

std::optional<std::string> fromBase64(std::string_view text)
{
    if (text.size() % 4 != 0)
        return std::nullopt;
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding)
        text.remove_suffix(1);
    return decode(text, Standard);
}

std::optional<std::string> fromBase64Url(std::string_view text)
{
    return decode(text, Url);
}

} // namespace sallyport::wire
