#include <sallyport/wire/base64.h>
#include <sallyport/wire/pin.h>

#include <cstring>

namespace sallyport::wire {

namespace {
constexpr std::string_view Prefix = "sha256:";
}

std::optional<Pin> parsePin(std::string_view text)
{
    if (!text.starts_with(Prefix))
        return std::nullopt;
    const std::optional<std::string> bytes = fromBase64Url(text.substr(Prefix.size()));
    Pin pin;
    if (!bytes || bytes->size() != pin.sha256.size())
        return std::nullopt;
    std::memcpy(pin.sha256.data(), bytes->data(), bytes->size());
    return pin;
}

std::string formatPin(const Pin& pin)
{
    return std::string(Prefix) + toBase64Url(pin.sha256);
}

} // namespace sallyport::wire
