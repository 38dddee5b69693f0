#include <sallyport/config/agent_config.h>
#include <sallyport/wire/pin.h>

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

std::optional<std::array<uint8_t, 32>> fromHex(std::string_view text)
{
    std::array<uint8_t, 32> bytes{};
    if (text.size() != 2 * bytes.size())
        return {};
    for (size_t i = 0; i < bytes.size(); ++i) {
        const int high = hexDigit(text[2 * i]);
        const int low = hexDigit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return {};
        bytes[i] = static_cast<uint8_t>(high * 16 + low);
    }
    return bytes;
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

Result<Pin, std::string> Pin::parse(std::string_view text)
{
    constexpr std::string_view prefix = "sha256:";
    if (!text.starts_with(prefix))
        return Failure(std::string("must begin with sha256:"));
    text.remove_prefix(prefix.size());
    std::string hex(text);
    std::erase(hex, ':');
    if (const auto bytes = fromHex(hex))
        return Pin{*bytes};
    const auto decoded = wire::parsePin(std::string(prefix) + urlSafe(text));
    if (!decoded)
        return Failure(
            std::string("needs 43 characters of base64 or 64 hexadecimal digits behind sha256:"));
    Pin pin;
    std::transform(decoded->sha256.begin(), decoded->sha256.end(), pin.sha256.begin(),
                   [](std::byte byte) { return std::to_integer<uint8_t>(byte); });
    return pin;
}

std::string Pin::text() const
{
    wire::Pin pin;
    std::transform(sha256.begin(), sha256.end(), pin.sha256.begin(),
                   [](uint8_t byte) { return std::byte(byte); });
    return wire::formatPin(pin);
}

} // namespace sallyport::config
