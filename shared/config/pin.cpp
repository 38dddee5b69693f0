#include <sallyport/config/agent_config.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>

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

std::optional<SpkiPin> fromHex(std::string_view text)
{
    SpkiPin pin;
    auto& bytes = pin.sha256;
    if (text.size() != 2 * bytes.size())
        return {};
    for (size_t i = 0; i < bytes.size(); ++i) {
        const int high = hexDigit(text[2 * i]);
        const int low = hexDigit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return {};
        bytes[i] = std::byte(high * 16 + low);
    }
    return pin;
}

// To the form of the wire: base64url without padding.
std::string urlSafe(std::string_view text)
{
    while (text.ends_with('='))
        text.remove_suffix(1);
    std::string result(text);
    std::replace(result.begin(), result.end(), '+', '-');
    std::replace(result.begin(), result.end(), '/', '_');
    return result;
}

} // namespace

Result<SpkiPin, std::string> readPin(std::string_view text)
{
    constexpr std::string_view prefix = "sha256:";
    if (!text.starts_with(prefix))
        return Failure(std::string("must begin with sha256:"));
    text.remove_prefix(prefix.size());
    std::string hex(text);
    std::erase(hex, ':');
    if (const auto pin = fromHex(hex))
        return *pin;
    if (const auto pin = SpkiPin::fromString(std::string(prefix) + urlSafe(text)))
        return *pin;
    return Failure(
        std::string("needs 43 characters of base64 or 64 hexadecimal digits behind sha256:"));
}

Codec<SpkiPin> fingerprint()
{
    Codec<SpkiPin> codec;
    codec.type = "fingerprint";
    codec.parse = readPin;
    codec.show = [](const SpkiPin& pin) { return pin.toString(); };
    return codec;
}

} // namespace sallyport::config
