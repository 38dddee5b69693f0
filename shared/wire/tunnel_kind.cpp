#include <sallyport/wire/tunnel_kind.h>

#include <array>
#include <cstddef>

namespace sallyport::wire {

namespace {
constexpr std::array<std::string_view, 4> KindTexts = {"http", "tcp", "tls", "udp"};
} // namespace

std::string_view kindText(TunnelKind kind)
{
    return KindTexts[static_cast<size_t>(kind)];
}

std::optional<TunnelKind> kindFromText(std::string_view text)
{
    for (size_t i = 0; i < KindTexts.size(); ++i)
        if (KindTexts[i] == text)
            return static_cast<TunnelKind>(i);
    return std::nullopt;
}

} // namespace sallyport::wire
