#include <sallyport/tls/error.h>

namespace sallyport::tls {

std::string_view codeName(ErrorCode code)
{
    switch (code) {
    case ErrorCode::None:
        return "none";
    case ErrorCode::BadConfiguration:
        return "bad-configuration";
    case ErrorCode::BadPem:
        return "bad-pem";
    case ErrorCode::EncryptedKey:
        return "encrypted-key";
    case ErrorCode::KeyMismatch:
        return "key-mismatch";
    case ErrorCode::Unreadable:
        return "unreadable";
    case ErrorCode::CertificateNotTrusted:
        return "certificate-not-trusted";
    case ErrorCode::CertificateExpired:
        return "certificate-expired";
    case ErrorCode::CertificateNotYetValid:
        return "certificate-not-yet-valid";
    case ErrorCode::CertificateRevoked:
        return "certificate-revoked";
    case ErrorCode::CertificateMissing:
        return "certificate-missing";
    case ErrorCode::NameMismatch:
        return "name-mismatch";
    case ErrorCode::PinMismatch:
        return "pin-mismatch";
    case ErrorCode::ProtocolVersion:
        return "protocol-version";
    case ErrorCode::NoAlpnOverlap:
        return "no-alpn-overlap";
    case ErrorCode::CertificateRefused:
        return "certificate-refused";
    case ErrorCode::AlertReceived:
        return "alert-received";
    case ErrorCode::PlainHttp:
        return "plain-http";
    case ErrorCode::NotTls:
        return "not-tls";
    case ErrorCode::HandshakeTooLong:
        return "handshake-too-long";
    case ErrorCode::Truncated:
        return "truncated";
    case ErrorCode::ProtocolError:
        return "protocol-error";
    case ErrorCode::Internal:
        return "internal";
    }
    return "unknown";
}

} // namespace sallyport::tls
