// What can be said about a certificate, and the pin that stands for its key.
#pragma once

#include <sallyport/base/bytes.h>
#include <sallyport/base/result.h>
#include <sallyport/base/spki_pin.h>
#include <sallyport/tls/error.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct x509_st;

namespace sallyport::tls {

using SystemTime = std::chrono::system_clock::time_point;

struct Certificate
{
    std::string subject; // "CN=relay.example.com,O=Example"
    std::string issuer;
    std::string commonName;            // empty: none, several, or one that is not printable ASCII
    std::string serial;                // lower-case hex digits
    std::vector<std::string> names;    // DNS names and IP addresses it is valid for
    std::vector<std::string> accounts; // e-mail addresses and URIs of subjectAltName
    bool isAuthority = false;          // basicConstraints CA:TRUE
    bool isSelfIssued = false;         // subject and issuer are the same
    SystemTime notBefore;
    SystemTime notAfter;
    SpkiPin pin;
    std::vector<std::byte> der;

    // The first certificate of a PEM text.
    static Result<Certificate, Error> fromPem(std::string_view pem);
    // nullopt when OpenSSL can't represent the certificate's parts (never for a verified one).
    static std::optional<Certificate> fromX509(const x509_st* certificate);
};

// All certificates of a PEM text, in its order; at least one, at most 16.
Result<std::vector<Certificate>, Error> certificatesFromPem(std::string_view pem);

// The pin of the first certificate of a PEM text.
Result<SpkiPin, Error> spkiPin(std::string_view certificatePem);

} // namespace sallyport::tls
