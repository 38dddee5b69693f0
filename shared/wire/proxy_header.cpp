#include <sallyport/wire/proxy_header.h>

#include <algorithm>
#include <cstring>

namespace sallyport::wire {

namespace {

// Section 2.2. The signature is chosen so that no other protocol's server takes it for a request.
constexpr std::string_view Signature("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr size_t FixedSize = 16;
constexpr uint8_t VersionLocal = 0x20;
constexpr uint8_t VersionProxy = 0x21;
constexpr uint8_t FamilyV4 = 0x10;
constexpr uint8_t FamilyV6 = 0x20;
constexpr uint8_t FamilyUnix = 0x30;
constexpr size_t UnixAddresses = 216;

// Section 2.2.
constexpr uint8_t TlvAuthority = 0x02;
constexpr uint8_t TlvUniqueId = 0x05;
constexpr uint8_t TlvSsl = 0x20;
constexpr uint8_t TlvSslVersion = 0x21;
constexpr uint8_t TlvTunnelId = 0xe0; // the first of the range for private use
constexpr size_t TlvHeader = 3;

constexpr uint8_t ClientSsl = 0x01;
constexpr uint8_t ClientCertificate = 0x02;

size_t addressSize(Endpoint::Family family)
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

// ---- Encoding: appends behind m_size; the caller has made sure that everything fits ----

class Writer
{
public:
    explicit Writer(std::span<std::byte, MaxProxyHeader> out) : m_out(out) {}

    size_t size() const { return m_size; }
    std::byte* at(size_t offset) { return m_out.data() + offset; }
    void u8(uint8_t v) { m_out[m_size++] = static_cast<std::byte>(v); }
    void u16(size_t v)
    {
        writeU16(at(m_size), static_cast<uint16_t>(v));
        m_size += 2;
    }
    void u32(uint32_t v)
    {
        writeU32(at(m_size), v);
        m_size += 4;
    }
    void bytes(const void* data, size_t n)
    {
        if (n != 0)
            std::memcpy(at(m_size), data, n);
        m_size += n;
    }
    void textTlv(uint8_t type, std::string_view text)
    {
        u8(type);
        u16(text.size());
        bytes(text.data(), text.size());
    }

private:
    std::span<std::byte, MaxProxyHeader> m_out;
    size_t m_size = 0;
};

static_assert(FixedSize + 36 + 4 * TlvHeader + MaxProxyAuthority + MaxProxyRequestId + 5 +
                  TlvHeader + MaxProxyTlsVersion + 4 <=
              MaxProxyHeader);

void writeAddresses(Writer& out, const ProxyHeader& header, Endpoint::Family family)
{
    const size_t size = addressSize(family);
    if (size == 0)
        return;
    out.bytes(header.visitor.address.data(), size);
    out.bytes(header.relay.address.data(), size);
    out.u16(header.visitor.port);
    out.u16(header.relay.port);
}

void writeTls(Writer& out, const ProxyTls& tls)
{
    const size_t version = tls.version.empty() ? 0 : TlvHeader + tls.version.size();
    out.u8(TlvSsl);
    out.u16(5 + version);
    out.u8(tls.clientCertificate ? ClientSsl | ClientCertificate : ClientSsl);
    out.u32(tls.clientCertificate ? 0 : 1); // zero: a certificate was shown and is good
    if (version != 0)
        out.textTlv(TlvSslVersion, tls.version);
}

// ---- Parsing ----

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
        default:
            return true;
        }
    });
}

} // namespace

size_t encodeProxyHeader(const ProxyHeader& header, std::span<std::byte, MaxProxyHeader> out)
{
    if (header.authority.size() > MaxProxyAuthority ||
        header.requestId.size() > MaxProxyRequestId ||
        (header.tls && header.tls->version.size() > MaxProxyTlsVersion))
        return 0;
    const Endpoint::Family family = !header.local && header.visitor.family == header.relay.family
                                        ? header.visitor.family
                                        : Endpoint::Family::Unspecified;
    uint8_t familyByte = 0;
    if (family != Endpoint::Family::Unspecified)
        familyByte = static_cast<uint8_t>((family == Endpoint::Family::V4 ? FamilyV4 : FamilyV6) |
                                          (header.datagram ? 2 : 1));

    Writer writer(out);
    writer.bytes(Signature.data(), Signature.size());
    writer.u8(header.local ? VersionLocal : VersionProxy);
    writer.u8(familyByte);
    writer.u16(0); // the length, set below
    writeAddresses(writer, header, family);
    if (!header.authority.empty())
        writer.textTlv(TlvAuthority, header.authority);
    if (!header.requestId.empty())
        writer.textTlv(TlvUniqueId, header.requestId);
    if (header.tls)
        writeTls(writer, *header.tls);
    if (header.tunnelId) {
        writer.u8(TlvTunnelId);
        writer.u16(4);
        writer.u32(*header.tunnelId);
    }
    writeU16(writer.at(14), static_cast<uint16_t>(writer.size() - FixedSize));
    return writer.size();
}

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
