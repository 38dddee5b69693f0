// Making, reading and checking a private key with its certificate chain, as PEM.
//
// Storing is the caller's (a key's file is written 0600 and atomically). Nothing here asks for a
// pass phrase: an encrypted key is refused.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/tls/certificate.h>
#include <sallyport/tls/error.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::tls {

// A certificate chain (leaf first) and the leaf's private key.
struct KeyPair
{
    std::string chainPem;
    std::string keyPem;
};

struct SelfSignedOptions
{
    std::string commonName = "sallyport";
    // DNS names and IP addresses for subjectAltName. May be empty for a certificate that is pinned.
    std::vector<std::string> names;
    SystemTime notBefore;
    std::chrono::hours validFor = std::chrono::hours(24 * 3652); // ten years
};

// A fresh ECDSA P-256 key alone.
Result<std::string, Error> makeKey();

// A fresh ECDSA P-256 key with a self-signed certificate for TLS servers and clients.
Result<KeyPair, Error> makeSelfSigned(const SelfSignedOptions& options);

// Refuses what no handshake could use: wrong kinds of PEM, an encrypted key, a key that is not the
// leaf's, a certificate outside its time at `now`. Returns the leaf.
Result<Certificate, Error> checkKeyPair(const KeyPair& pair, SystemTime now);

// Reads both files (at most 1 MiB each) and checks them; the error names the file.
Result<KeyPair, Error> loadKeyPair(const std::string& chainFile, const std::string& keyFile,
                                   SystemTime now);

} // namespace sallyport::tls
