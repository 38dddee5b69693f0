// Messages to JSON and back. Never throws; unknown fields are ignored.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/wire/messages.h>

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::wire {

inline constexpr int MaxJsonDepth = 16;

enum class ParseError {
    BadUtf8,
    BadJson,
    TooDeep,
    NotAnObject,
    MissingType,     // no `type`, or not a string
    UnknownType,     // answered with `unsupported`
    ProtocolVersion, // a hello of another protocol; its other fields were not looked at
    MissingField,
    WrongType,     // a field is not of the JSON type that it must be
    OutOfRange,    // a number or a text outside its limits, or with control characters
    TooMany,       // a list longer than its limit
    InvalidTunnel, // a tunnel.open that is not well formed: `answer` says why
};
std::string_view describe(ParseError error);

struct ParseFailure
{
    ParseError error;
    // The field ("tunnels[2].ref"), or for UnknownType the type's name, cut to a short length.
    std::string where;
    // With InvalidTunnel: the answer for that tunnel alone. The link goes on.
    std::optional<TunnelRefused> answer;
};

Result<Message, ParseFailure> parseMessage(std::string_view json);

// JSON without framing. Invalid UTF-8 is replaced, prose is cut to its limit. The result may exceed
// MaxControlFrame only with long lists of tunnels, which RelayControl and AgentControl divide.
std::string encodeMessage(const Message& message);

} // namespace sallyport::wire
