// Certificate signing requests (PKCS #10, RFC 2986): what somebody who holds a private key sends to
// an authority, which never sees that key.
#pragma once

#include <sallyport/base/bytes.h>
#include <sallyport/base/result.h>
#include <sallyport/tls/certificate.h>
#include <sallyport/tls/error.h>

#include <string>
#include <string_view>
#include <vector>

namespace sallyport::tls {

struct SigningRequest
{
    static constexpr size_t PemLimit = 16 * 1024;

    std::string commonName;         // empty: none, or one that is not plain text
    std::vector<std::string> names; // DNS names and IP addresses asked for
    SpkiPin pin;                    // of the public key
    std::string pem;                // this request alone

    // The first request of a PEM text. Refuses one whose signature is not by its own key (who sends
    // it would not hold that key), and keys too weak to certify: RSA below 2048 bits, curves other
    // than P-256, P-384, P-521, Ed25519 and Ed448.
    static Result<SigningRequest, Error> fromPem(std::string_view pem);
};

// `commonName` may be empty when there are names.
Result<std::string, Error> makeSigningRequest(std::string_view keyPem,
                                              const std::string& commonName,
                                              const std::vector<std::string>& names = {});

// The bytes within a PEM request: what RFC 8555 wants.
Result<std::vector<std::byte>, Error> signingRequestDer(std::string_view pem);

} // namespace sallyport::tls
