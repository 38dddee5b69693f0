// Why a message was refused. Each value says what its sender did.
#pragma once

#include <cstdint>
#include <string_view>

namespace sallyport::http {

enum class HeadError : uint8_t {
    None,
    // Bytes and lines (RFC 9112 sections 2.2 and 5)
    NulByte,
    BareCr,
    BareLf,
    ControlCharacter,
    ObsoleteFold,
    InvalidFieldName,
    SpaceBeforeColon,
    MissingColon,
    // Start line (RFC 9112 sections 3 and 4)
    InvalidRequestLine,
    InvalidMethod,
    MethodTooLong,
    InvalidTarget,
    UnsupportedVersion,
    InvalidStatusLine,
    // Size
    TargetTooLong,
    HeadTooLarge,
    TooManyFields,
    // Routing (RFC 9112 section 3.2)
    MissingHost,
    SeveralHosts,
    InvalidHost,
    // Framing (RFC 9112 section 6)
    InvalidContentLength,
    SeveralContentLengths,
    LengthAndTransferEncoding,
    UnsupportedTransferEncoding,
    TransferEncodingInHttp10,
    BodyNotAllowed,
    // Connection (RFC 9110 sections 7.6.1, 7.8 and 10.1.1)
    TooManyConnectionOptions,
    UnknownExpectation,
    UnexpectedUpgrade,
};

struct HeadErrorInfo
{
    // What a server answers to a request with this fault. (A proxy answers 502 for any faulty
    // response.)
    unsigned status;
    // Stable, for logs and for Sallyport-Error.
    std::string_view code;
    std::string_view sentence;
};
HeadErrorInfo describe(HeadError error);

} // namespace sallyport::http
