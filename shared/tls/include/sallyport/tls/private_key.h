// Private keys under a pass phrase, for keys that are put away: an authority's root.
//
// PKCS #8 with AES-256-CBC and PBKDF2 (SHA-256, 600,000 rounds): what `openssl pkey` reads.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>
#include <sallyport/tls/error.h>

#include <string>
#include <string_view>

namespace sallyport::tls {

bool isEncryptedKey(std::string_view pem);
Result<std::string, Error> encryptKey(std::string_view keyPem, const Secret& passphrase);
// EncryptedKey when the pass phrase is wrong.
Result<std::string, Error> decryptKey(std::string_view pem, const Secret& passphrase);

} // namespace sallyport::tls
