#include <sallyport/wire/message_codec.h>

namespace sallyport::wire {

std::string_view describe(ParseError error)
{
    switch (error) {
    case ParseError::BadUtf8:
        return "not UTF-8";
    case ParseError::BadJson:
        return "not JSON";
    case ParseError::TooDeep:
        return "nested too deeply";
    case ParseError::NotAnObject:
        return "not a JSON object";
    case ParseError::MissingType:
        return "without a type";
    case ParseError::UnknownType:
        return "of an unknown type";
    case ParseError::ProtocolVersion:
        return "another version of the protocol";
    case ParseError::MissingField:
        return "missing";
    case ParseError::WrongType:
        return "of the wrong JSON type";
    case ParseError::OutOfRange:
        return "out of range";
    case ParseError::TooMany:
        return "too many entries";
    case ParseError::InvalidTunnel:
        return "a tunnel that is not well formed";
    }
    return {};
}

} // namespace sallyport::wire
