// When a certificate is to be renewed.
#pragma once

#include <sallyport/tls/certificate.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::acme {

// The name by which a CA knows the certificate in its renewal information (RFC 9773 section 4.1):
// authority key identifier and serial number. Nothing for one that has no such identifier.
std::optional<std::string> certificateId(std::string_view chainPem);

// At two thirds of the lifetime, or up to a twentieth of it before, so that the certificates of a
// busy day are not all renewed on one day. `random` is any uniformly distributed number.
tls::SystemTime renewAt(tls::SystemTime notBefore, tls::SystemTime notAfter, uint32_t random);

// Anywhere between the two, as RFC 9773 section 4.2 asks.
tls::SystemTime pickWithin(tls::SystemTime start, tls::SystemTime end, uint32_t random);

} // namespace sallyport::acme
