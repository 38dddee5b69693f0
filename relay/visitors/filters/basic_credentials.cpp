#include "visitors/filters/basic_credentials.h"

#include <sallyport/wire/base64.h>

#include <algorithm>

namespace sallyport::relay {

namespace {

// What stands behind the scheme (compared without case) and its blanks.
std::optional<std::string_view> behindScheme(std::string_view value, std::string_view scheme)
{
    if (value.size() <= scheme.size() || value[scheme.size()] != ' ')
        return std::nullopt;
    for (size_t i = 0; i < scheme.size(); ++i)
        if ((value[i] | 0x20) != scheme[i])
            return std::nullopt;
    value.remove_prefix(scheme.size());
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    return value;
}

} // namespace

std::optional<BasicCredentials> BasicCredentials::parse(std::string_view fieldValue)
{
    const auto encoded = behindScheme(fieldValue, "basic");
    if (!encoded || encoded->size() > (MaxUser + MaxPassword + 1) * 4 / 3 + 4)
        return std::nullopt;
    auto decoded = wire::fromBase64(*encoded);
    if (!decoded)
        return std::nullopt;
    const Secret pair(std::move(*decoded));
    const std::string_view text = pair.reveal();
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon > MaxUser || text.size() - colon - 1 > MaxPassword)
        return std::nullopt;
    if (std::any_of(text.begin(), text.end(),
                    [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
        return std::nullopt;
    return BasicCredentials{std::string(text.substr(0, colon)),
                            Secret(std::string(text.substr(colon + 1)))};
}

std::optional<std::string_view> bearerToken(std::string_view fieldValue)
{
    return behindScheme(fieldValue, "bearer");
}

} // namespace sallyport::relay
