// A fresh key for a certificate, and the request to sign it (PKCS #10, RFC 2986).
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>

#include <string>
#include <string_view>
#include <vector>

namespace sallyport::acme {

enum class KeyType { EcP256, EcP384, Rsa2048 };

// PEM. RSA may take a quarter of a second.
Result<Secret, std::string> makeKey(KeyType type);

// DER, base64url: the form that the finalize request carries (RFC 8555 section 7.4).
Result<std::string, std::string> makeRequest(const Secret& keyPem,
                                             const std::vector<std::string>& names);

// Whether the first certificate of the chain belongs to this key.
bool belongsTogether(std::string_view chainPem, const Secret& keyPem);

} // namespace sallyport::acme
