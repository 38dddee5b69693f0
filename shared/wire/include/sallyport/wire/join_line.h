// The line that a relay prints and a person pastes into `sallyport login`:
//   sallyport://TOKEN@HOST:7000?pin=sha256:BASE64URL
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>
#include <sallyport/base/spki_pin.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::wire {

inline constexpr uint16_t DefaultAgentPort = 7000;

struct JoinLine
{
    Secret token;
    std::string host; // canonical; an IPv6 address without brackets
    uint16_t port = DefaultAgentPort;
    std::optional<SpkiPin> pin;

    bool operator==(const JoinLine&) const = default;
};

enum class JoinLineError {
    BadScheme, // does not begin with sallyport://
    TooLong,
    MissingToken,
    BadToken, // a character that no token has
    BadHost,
    BadPort,
    BadPin,
    UnknownOption, // refused, lest a misspelt pin be dropped in silence
};
// What is wrong and how it should look; never a part of the line itself, which holds the token.
std::string_view describe(JoinLineError error);

// Blanks and a newline around the line are ignored.
Result<JoinLine, JoinLineError> parseJoinLine(std::string_view text);
// The token in clear: for the one place that shows it.
std::string formatJoinLine(const JoinLine& line);

} // namespace sallyport::wire
