// The parts that every certificate which we make consists of. Private to this library.
//
// All return false on a failure of OpenSSL, whose reason libraryFailure() then words.
#pragma once

#include "openssl.h"

#include <sallyport/base/result.h>
#include <sallyport/tls/certificate.h>
#include <sallyport/tls/error.h>

#include <string>
#include <string_view>
#include <vector>

namespace sallyport::tls {

// "DOING: what OpenSSL says". Empties the error queue.
Failure<Error> libraryFailure(std::string_view doing);

// A common name of 1 to 64 characters, and host names or IP addresses.
Result<void, Error> checkNames(const std::string& commonName,
                               const std::vector<std::string>& names);

bool setRandomSerial(X509* x509);
bool addCommonName(X509_NAME* name, const std::string& commonName);
bool setTimes(X509* x509, SystemTime notBefore, SystemTime notAfter);
// By OpenSSL's configuration text: for constant values only. `issuer` may be the certificate
// itself.
bool addExtension(X509* x509, X509* issuer, int nid, const char* value);

// subjectAltName from host names and IP addresses; null on failure.
NamesPtr namesExtension(const std::vector<std::string>& names);
bool addNames(X509* x509, const std::vector<std::string>& names);

std::string textOf(BIO* bio);
// Empty on failure.
std::string pemOf(X509* x509);
std::string pemOf(X509_CRL* crl);
// Unencrypted; empty on failure. The library's own copy is wiped.
std::string pemOf(EVP_PKEY* key);

} // namespace sallyport::tls
