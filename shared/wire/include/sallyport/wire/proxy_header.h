// The PROXY protocol version 2 header that begins every data stream (haproxy's proxy-protocol.txt,
// section 2.2), with the TLVs that Sallyport uses. Unknown TLVs are skipped.
#pragma once

#include <sallyport/base/bytes.h>
#include <sallyport/base/result.h>
#include <sallyport/wire/endpoint.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sallyport::wire {

// The longest header that is read; the encoder stays well below it.
inline constexpr size_t MaxProxyHeader = 1024;
inline constexpr size_t MaxProxyAuthority = 255;
inline constexpr size_t MaxProxyAlpn = 255;
inline constexpr size_t MaxProxyRequestId = 128; // section 2.2.5
inline constexpr size_t MaxProxyTlsVersion = 16;

// Present when the relay ended the visitor's TLS (TLV 0x20).
struct ProxyTls
{
    std::string_view version;       // "TLSv1.3" (sub-TLV 0x21); may be empty
    bool clientCertificate = false; // the visitor showed one on this connection

    bool operator==(const ProxyTls&) const = default;
};

// Views point into the caller's text (encoding) or into the parsed bytes (parsing).
struct ProxyHeader
{
    bool local =
        false; // LOCAL: the relay's own stream (a health check); the addresses mean nothing
    bool datagram = false; // the visitor came by UDP
    Endpoint visitor;      // both ends of one family; otherwise unspecified is sent
    Endpoint relay;
    std::string_view alpn;      // TLV 0x01: the protocol inside the visitor's TLS, where known
    std::string_view authority; // TLV 0x02: the host or SNI
    std::string_view requestId; // TLV 0x05
    std::optional<ProxyTls> tls;
    std::optional<uint32_t> tunnelId; // TLV 0xE0
    bool plainHttp = false; // TLV 0xE1: an HTTP request without TLS, on a tunnel of kind tls

    bool operator==(const ProxyHeader&) const = default;
};

// Writes the header and returns its size. Allocates nothing. Zero when a text exceeds its limit
// above.
size_t encodeProxyHeader(const ProxyHeader& header, std::span<std::byte, MaxProxyHeader> out);

enum class ProxyError {
    BadSignature, // not a version 2 header
    BadVersion,   // version or command
    BadFamily,    // an address family or transport that the specification does not name
    TooLong,      // longer than MaxProxyHeader
    BadLength,    // addresses or a TLV reach beyond the header, or a TLV has the wrong size
};
std::string_view describe(ProxyError error);

struct ParsedProxyHeader
{
    size_t size = 0; // bytes that the header took; 0: more are needed
    ProxyHeader header;
};
// Looks at the start of `bytes`.
Result<ParsedProxyHeader, ProxyError> parseProxyHeader(ByteView bytes);

// The same for bytes that come in pieces. Copies only when a header is split.
class ProxyHeaderReader
{
public:
    ProxyHeaderReader() = default;
    ProxyHeaderReader(const ProxyHeaderReader&) = delete; // the header may point into this
    ProxyHeaderReader& operator=(const ProxyHeaderReader&) = delete;

    // Returns how many of the bytes belong to the header. done() tells whether it is complete; what
    // is left of the input is the stream's payload.
    Result<size_t, ProxyError> feed(ByteView bytes);

    bool done() const { return m_parsed.size != 0; }
    // Valid while the input of the last feed() is, and this reader.
    const ProxyHeader& header() const { return m_parsed.header; }
    // The header as it came, for an upstream that wants it.
    ByteView raw() const { return m_raw; }

private:
    std::string m_partial;
    ParsedProxyHeader m_parsed;
    ByteView m_raw;
};

} // namespace sallyport::wire
