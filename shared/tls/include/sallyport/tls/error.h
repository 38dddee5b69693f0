// Why a TLS connection, a key or a certificate is of no use: a code to act on and a sentence to
// show.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::tls {

enum class ErrorCode : uint8_t {
    None,
    // What is wrong with our own configuration.
    BadConfiguration, // a missing or malformed name, an empty trust list, an ALPN list too long
    BadPem,           // not PEM, or another kind of PEM than asked for
    EncryptedKey,     // the private key needs a pass phrase
    KeyMismatch,      // the private key is not that of the certificate
    Unreadable,       // a file that can't be read
    // What is wrong with the peer's certificate.
    CertificateNotTrusted, // no chain to a trusted CA
    CertificateExpired,
    CertificateNotYetValid,
    CertificateRevoked,
    CertificateMissing, // the peer showed none, and one is required
    NameMismatch,       // valid, but for other names
    PinMismatch,        // another key than the pinned one
    // What is wrong with the conversation.
    ProtocolVersion,    // no TLS version in common
    NoAlpnOverlap,      // no application protocol in common
    CertificateRefused, // the peer refused our certificate, or asks for one
    AlertReceived,      // the peer gave up for another reason; the sentence names the alert
    PlainHttp,          // the peer speaks HTTP without TLS
    NotTls,             // the peer speaks something else
    HandshakeTooLong,   // more handshake bytes than an unknown peer may send
    Truncated,          // the bytes ended without close_notify
    ProtocolError,      // broken records, a failed integrity check, a forbidden message
    Internal,           // out of memory, or a fault of the library
};

// A stable word for logs, such as "pin-mismatch".
std::string_view codeName(ErrorCode code);

struct Error
{
    ErrorCode code = ErrorCode::None;
    std::string message;
};

} // namespace sallyport::tls
