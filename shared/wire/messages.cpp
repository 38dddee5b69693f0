#include <sallyport/wire/messages.h>

#include <array>
#include <cstddef>

namespace sallyport::wire {

namespace {

// In the order of Message's alternatives.
constexpr std::array<std::string_view, std::variant_size_v<Message>> TypeTexts = {
    "hello",
    "tunnel.open",
    "tunnel.close",
    "tunnel.update",
    "reauth",
    "stream.failed",
    "welcome",
    "tunnel.opened",
    "tunnel.refused",
    "refuse",
    "drain",
    "challenge",
    "notice",
    "unsupported",
    "certificate.renew",
    "certificate.issued",
    "certificate.refused",
    "tunnel.check",
    "tunnel.checked"};

constexpr std::array<std::string_view, static_cast<size_t>(LastStreamFailure) + 1> FailureTexts = {
    "upstream_refused",     "upstream_timeout", "upstream_unresolvable",
    "upstream_unreachable", "upstream_tls",     "unknown_tunnel",
    "bad_header",           "overloaded",       "other"};

} // namespace

std::string_view typeText(const Message& message)
{
    return TypeTexts[message.index()];
}

std::string_view codeText(StreamFailure failure)
{
    return FailureTexts[static_cast<size_t>(failure)];
}

StreamFailure streamFailureFromText(std::string_view text)
{
    for (size_t i = 0; i < FailureTexts.size(); ++i)
        if (FailureTexts[i] == text)
            return static_cast<StreamFailure>(i);
    return StreamFailure::Other;
}

} // namespace sallyport::wire
