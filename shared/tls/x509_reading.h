// Reading requests and names as OpenSSL's objects, for several files. Private to this library.
#pragma once

#include "openssl.h"

#include <sallyport/base/result.h>
#include <sallyport/tls/certificate.h>
#include <sallyport/tls/error.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::tls {

// One that proves possession of a strong enough key; see SigningRequest.
Result<RequestPtr, Error> readRequest(std::string_view pem);

// --- of certificate.cpp ---
// RFC 2253, with control characters escaped; empty on failure.
std::string nameText(const X509_NAME* name);
// Lower-case hex digits.
std::string serialText(const ASN1_INTEGER* serial);
std::optional<SystemTime> systemTime(const ASN1_TIME* time);
struct SubjectNames
{
    std::vector<std::string> hosts;    // DNS names and IP addresses
    std::vector<std::string> accounts; // e-mail addresses and URIs
};
SubjectNames subjectNames(const GENERAL_NAMES* list);
// Empty when there is none, more than one, or one with bytes that are not printable ASCII.
std::string onlyCommonName(const X509_NAME* name);
std::optional<SpkiPin> pinOf(X509_PUBKEY* key);

} // namespace sallyport::tls
