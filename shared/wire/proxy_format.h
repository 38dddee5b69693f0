// The numbers of haproxy's proxy-protocol.txt, section 2.2. Private to this library.
#pragma once

#include <sallyport/wire/endpoint.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sallyport::wire::proxy {

// Section 2.2. The signature is chosen so that no other protocol's server takes it for a request.
inline constexpr std::string_view Signature("\r\n\r\n\0\r\nQUIT\n", 12);
inline constexpr size_t FixedSize = 16;
inline constexpr uint8_t VersionLocal = 0x20;
inline constexpr uint8_t VersionProxy = 0x21;
inline constexpr uint8_t FamilyV4 = 0x10;
inline constexpr uint8_t FamilyV6 = 0x20;
inline constexpr uint8_t FamilyUnix = 0x30;
inline constexpr size_t UnixAddresses = 216;

// Section 2.2.
inline constexpr uint8_t TlvAlpn = 0x01;
inline constexpr uint8_t TlvAuthority = 0x02;
inline constexpr uint8_t TlvUniqueId = 0x05;
inline constexpr uint8_t TlvSsl = 0x20;
inline constexpr uint8_t TlvSslVersion = 0x21;
inline constexpr uint8_t TlvTunnelId = 0xe0; // the first of the range for private use
inline constexpr uint8_t TlvPlainHttp = 0xe1;
inline constexpr size_t TlvHeader = 3;

inline constexpr uint8_t ClientSsl = 0x01;
inline constexpr uint8_t ClientCertificate = 0x02;

inline size_t addressSize(Endpoint::Family family)
{
    switch (family) {
    case Endpoint::Family::V4:
        return 4;
    case Endpoint::Family::V6:
        return 16;
    case Endpoint::Family::Unspecified:
        break;
    }
    return 0;
}

} // namespace sallyport::wire::proxy
