#include "engine_failure.h"

#include <sallyport/tls/sniff.h>

#include <openssl/err.h>
#include <openssl/sslerr.h>

namespace sallyport::tls {

static Error certificateFailure(const FailureFacts& facts)
{
    const long result = SSL_get_verify_result(facts.ssl);
    const std::string note(facts.peerNote);
    if (facts.pinned)
        return {ErrorCode::PinMismatch, "the peer's key is " +
                                            (note.empty() ? "unreadable" : note) +
                                            ", not the pinned one"};
    // Servers say whose it is: they have many clients.
    const std::string whose = SSL_is_server(facts.ssl) && !note.empty() ? " (" + note + ")" : "";
    switch (result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return {ErrorCode::CertificateExpired, "the peer's certificate has expired" + whose};
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return {ErrorCode::CertificateNotYetValid,
                "the peer's certificate is not valid yet; is this computer's clock right?" + whose};
    case X509_V_ERR_CERT_REVOKED:
        return {ErrorCode::CertificateRevoked, "the peer's certificate was revoked" + whose};
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID:
        return {ErrorCode::CertificateNotTrusted,
                "the revocation list for the peer's certificate is out of its time" + whose};
    case X509_V_ERR_UNABLE_TO_GET_CRL:
        return {ErrorCode::CertificateNotTrusted,
                "there is no revocation list of the peer's issuer" + whose};
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return {ErrorCode::NameMismatch, "the peer's certificate is for " + note + ", not for " +
                                             std::string(facts.serverName)};
    case X509_V_ERR_OUT_OF_MEM:
        return {ErrorCode::Internal, "out of memory while verifying the peer's certificate"};
    default:
        return {ErrorCode::CertificateNotTrusted,
                std::string("the peer's certificate is not trusted: ") +
                    X509_verify_cert_error_string(result) + whose};
    }
}

static Error alertFailure(int alert)
{
    // OpenSSL 3.0 has no word for this one.
    const std::string name = alert == SSL_AD_CERTIFICATE_REQUIRED
                                 ? "certificate required"
                                 : SSL_alert_desc_string_long(alert);
    switch (alert) {
    case SSL_AD_PROTOCOL_VERSION:
        return {ErrorCode::ProtocolVersion, "the peer refuses our TLS versions"};
    case SSL_AD_NO_APPLICATION_PROTOCOL:
        return {ErrorCode::NoAlpnOverlap, "the peer speaks none of our application protocols"};
    case SSL_AD_NO_CERTIFICATE:
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_CERTIFICATE_REQUIRED:
    case SSL_AD_ACCESS_DENIED:
        return {ErrorCode::CertificateRefused, "the peer refuses our certificate: " + name};
    case SSL_AD_CLOSE_NOTIFY:
        return {ErrorCode::Truncated, "the peer closed the connection during the handshake"};
    default:
        return {ErrorCode::AlertReceived, "the peer gave up: alert \"" + name + "\""};
    }
}

// Whoever begins with something else than a TLS record never meant TLS.
static Error strangerFailure(const FailureFacts& facts)
{
    if (facts.handshakeDone || facts.firstBytes.empty())
        return {};
    // A handshake record's first byte is no letter, so too few bytes to tell are the beginning of
    // HTTP.
    const Sniff looks = sniff(facts.firstBytes);
    if (looks == Sniff::Http ||
        (looks == Sniff::NeedMore && facts.firstBytes[0] != std::byte{0x16}))
        return {ErrorCode::PlainHttp, "the peer speaks plain HTTP on a TLS port"};
    // Content types 20 to 23, and any version 3.x (RFC 8446 section 5.1).
    const int type = std::to_integer<int>(facts.firstBytes[0]);
    const bool record = type >= 20 && type <= 23 &&
                        (facts.firstBytes.size() < 2 || facts.firstBytes[1] == std::byte{3});
    if (!record)
        return {ErrorCode::NotTls, "the peer does not speak TLS"};
    return {};
}

static Error libraryFailure(unsigned long code)
{
    switch (ERR_GET_REASON(code)) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_VERSION_TOO_HIGH:
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
        return {ErrorCode::ProtocolVersion, "the peer has no TLS version in common with us"};
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
        return {ErrorCode::CertificateMissing, "the peer showed no certificate"};
    case SSL_R_NO_APPLICATION_PROTOCOL:
        return {ErrorCode::NoAlpnOverlap, "the peer offers none of our application protocols"};
    case ERR_R_MALLOC_FAILURE:
        return {ErrorCode::Internal, "out of memory"};
    default:
        break;
    }
    const char* reason = ERR_reason_error_string(code);
    return {ErrorCode::ProtocolError,
            std::string("TLS protocol error: ") + (reason ? reason : "no further reason")};
}

// The first entry of the TLS layer is the cause: what stands before it are details of other layers
// (a signature that does not fit), what follows are its consequences.
static unsigned long takeLibraryCode()
{
    unsigned long code = 0;
    while (const unsigned long next = ERR_get_error())
        if (code == 0 || (ERR_GET_LIB(code) != ERR_LIB_SSL && ERR_GET_LIB(next) == ERR_LIB_SSL))
            code = next;
    return code;
}

Error describeFailure(const FailureFacts& facts)
{
    const unsigned long code = takeLibraryCode();
    if (facts.alertReceived >= 0)
        return alertFailure(facts.alertReceived);
    if (ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED)
        return certificateFailure(facts);
    if (Error stranger = strangerFailure(facts); stranger.code != ErrorCode::None)
        return stranger;
    return libraryFailure(code);
}

} // namespace sallyport::tls
