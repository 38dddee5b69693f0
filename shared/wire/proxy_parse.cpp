#include "proxy_format.h"

#include <sallyport/wire/proxy_header.h>

#include <algorithm>
#include <cstring>

namespace sallyport::wire {

using namespace proxy;

namespace {

struct Family
{
    Endpoint::Family family = Endpoint::Family::Unspecified;
    size_t addresses = 0; // bytes of the address block
};

std::optional<Family> familyOf(uint8_t byte)
{
    const uint8_t transport = byte & 0x0f;
    if (transport > 2)
        return std::nullopt;
    switch (byte & 0xf0) {
    case 0:
        return Family{};
    case FamilyV4:
        return Family{Endpoint::Family::V4, 12};
    case FamilyV6:
        return Family{Endpoint::Family::V6, 36};
    case FamilyUnix:
        return Family{Endpoint::Family::Unspecified, UnixAddresses};
    default:
        return std::nullopt;
    }
}

Endpoint readEndpoint(ByteView addresses, Endpoint::Family family, bool second)
{
    const size_t size = addressSize(family);
    Endpoint endpoint;
    endpoint.family = family;
    if (size == 0)
        return endpoint;
    std::memcpy(endpoint.address.data(), addresses.data() + (second ? size : 0), size);
    endpoint.port = readU16(addresses.data() + 2 * size + (second ? 2 : 0));
    return endpoint;
}

// Calls visit(type, value) for each TLV; false when one reaches beyond the end.
template <typename Visitor>
bool forEachTlv(ByteView bytes, Visitor&& visit)
{
    while (!bytes.empty()) {
        if (bytes.size() < TlvHeader)
            return false;
        const size_t size = readU16(bytes.data() + 1);
        if (bytes.size() - TlvHeader < size)
            return false;
        if (!visit(std::to_integer<uint8_t>(bytes[0]), bytes.subspan(TlvHeader, size)))
            return false;
        bytes = bytes.subspan(TlvHeader + size);
    }
    return true;
}

bool readTls(ByteView value, ProxyHeader& header)
{
    if (value.size() < 5)
        return false;
    const uint8_t client = std::to_integer<uint8_t>(value[0]);
    if ((client & ClientSsl) == 0)
        return true;
    ProxyTls tls;
    tls.clientCertificate = (client & ClientCertificate) != 0;
    const bool ok = forEachTlv(value.subspan(5), [&](uint8_t type, ByteView sub) {
        if (type == TlvSslVersion)
            tls.version = asText(sub);
        return true;
    });
    header.tls = tls;
    return ok;
}

bool readTlvs(ByteView bytes, ProxyHeader& header)
{
    return forEachTlv(bytes, [&](uint8_t type, ByteView value) {
        switch (type) {
        case TlvAlpn:
            header.alpn = asText(value);
            return value.size() <= MaxProxyAlpn;
        case TlvAuthority:
            header.authority = asText(value);
            return true;
        case TlvUniqueId:
            header.requestId = asText(value);
            return value.size() <= MaxProxyRequestId;
        case TlvSsl:
            return readTls(value, header);
        case TlvTunnelId:
            if (value.size() != 4)
                return false;
            header.tunnelId = readU32(value.data());
            return true;
        case TlvPlainHttp:
            if (value.size() != 1)
                return false;
            header.plainHttp = value[0] == std::byte{1};
            return true;
        default:
            return true;
        }
    });
}

} // namespace

Result<ParsedProxyHeader, ProxyError> parseProxyHeader(ByteView bytes)
{
    // As early as a byte is wrong: a peer that speaks something else is not waited for.
    const size_t compared = std::min(bytes.size(), Signature.size());
    if (asText(bytes.first(compared)) != Signature.substr(0, compared))
        return Failure(ProxyError::BadSignature);
    if (bytes.size() < FixedSize)
        return ParsedProxyHeader();
    const uint8_t version = std::to_integer<uint8_t>(bytes[12]);
    if (version != VersionLocal && version != VersionProxy)
        return Failure(ProxyError::BadVersion);
    const std::optional<Family> family = familyOf(std::to_integer<uint8_t>(bytes[13]));
    if (!family)
        return Failure(ProxyError::BadFamily);
    const size_t size = FixedSize + readU16(bytes.data() + 14);
    if (size > MaxProxyHeader)
        return Failure(ProxyError::TooLong);
    if (size < FixedSize + family->addresses)
        return Failure(ProxyError::BadLength);
    if (bytes.size() < size)
        return ParsedProxyHeader();

    ParsedProxyHeader parsed;
    parsed.size = size;
    parsed.header.local = version == VersionLocal;
    parsed.header.datagram = (std::to_integer<uint8_t>(bytes[13]) & 0x0f) == 2;
    if (!parsed.header.local) {
        parsed.header.visitor = readEndpoint(bytes.subspan(FixedSize), family->family, false);
        parsed.header.relay = readEndpoint(bytes.subspan(FixedSize), family->family, true);
    }
    const size_t tlvs = FixedSize + family->addresses;
    if (!readTlvs(bytes.subspan(tlvs, size - tlvs), parsed.header))
        return Failure(ProxyError::BadLength);
    return parsed;
}

Result<size_t, ProxyError> ProxyHeaderReader::feed(ByteView bytes)
{
    if (done())
        return size_t(0);
    const bool whole = m_partial.empty();
    // Never more than the longest header: what belongs to the payload is not copied for nothing.
    const size_t taken = std::min(bytes.size(), MaxProxyHeader - m_partial.size());
    const size_t before = m_partial.size();
    if (!whole)
        m_partial.append(asText(bytes.first(taken)));
    const ByteView text = whole ? bytes.first(taken) : asBytes(m_partial);
    Result<ParsedProxyHeader, ProxyError> parsed = parseProxyHeader(text);
    if (!parsed)
        return Failure(parsed.error());
    m_parsed = *parsed;
    if (!done()) {
        if (whole)
            m_partial.assign(asText(bytes));
        return bytes.size();
    }
    m_raw = text.first(m_parsed.size);
    return m_parsed.size - before;
}

std::string_view describe(ProxyError error)
{
    switch (error) {
    case ProxyError::BadSignature:
        return "not a PROXY protocol version 2 header";
    case ProxyError::BadVersion:
        return "unknown version or command of the PROXY header";
    case ProxyError::BadFamily:
        return "unknown address family in the PROXY header";
    case ProxyError::TooLong:
        return "the PROXY header is too long";
    case ProxyError::BadLength:
        return "a length in the PROXY header is wrong";
    }
    return {};
}

} // namespace sallyport::wire
