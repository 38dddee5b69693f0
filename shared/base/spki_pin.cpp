#include <sallyport/base/spki_pin.h>

#include <cstdint>

namespace sallyport {

static constexpr std::string_view Prefix = "sha256:";
static constexpr std::string_view Alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Base64url (RFC 4648 section 5) of 32 bytes: 42 characters and one that carries the last four
// bits.
std::string SpkiPin::toString() const
{
    std::string text(Prefix);
    uint32_t bits = 0;
    int held = 0;
    for (std::byte byte : sha256) {
        bits = (bits << 8) | std::to_integer<uint32_t>(byte);
        for (held += 8; held >= 6; held -= 6)
            text += Alphabet[(bits >> (held - 6)) & 63];
    }
    return text += Alphabet[(bits << (6 - held)) & 63];
}

std::optional<SpkiPin> SpkiPin::fromString(std::string_view text)
{
    if (!text.starts_with(Prefix) || text.size() != Prefix.size() + 43)
        return std::nullopt;
    SpkiPin pin;
    uint32_t bits = 0;
    int held = 0;
    size_t filled = 0;
    for (char c : text.substr(Prefix.size())) {
        const size_t value = Alphabet.find(c);
        if (value == std::string_view::npos)
            return std::nullopt;
        bits = (bits << 6) | static_cast<uint32_t>(value);
        held += 6;
        if (held >= 8) {
            held -= 8;
            pin.sha256[filled++] = static_cast<std::byte>((bits >> held) & 0xff);
        }
    }
    // The bits left over must be zero, so that each pin has one spelling.
    if ((bits & ((1u << held) - 1)) != 0)
        return std::nullopt;
    return pin;
}

} // namespace sallyport
