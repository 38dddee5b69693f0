// PEM text to OpenSSL's objects, with errors that say what was found instead. Private to this
// library.
#pragma once

#include "openssl.h"

#include <sallyport/base/result.h>
#include <sallyport/tls/error.h>

#include <string_view>
#include <vector>

namespace sallyport::tls {

inline constexpr size_t PemLimit = 1024 * 1024;
inline constexpr size_t ChainLimit = 16;

// All certificates of the text, at least one: at most ChainLimit, or `limit` for a list of CAs.
Result<std::vector<X509Ptr>, Error> readCertificates(std::string_view pem,
                                                     size_t limit = ChainLimit);
Result<KeyPtr, Error> readPrivateKey(std::string_view pem);

} // namespace sallyport::tls
