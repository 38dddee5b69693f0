#include "proxy_format.h"

#include <sallyport/wire/proxy_header.h>

#include <cstring>

namespace sallyport::wire {

using namespace proxy;

namespace {

// Appends; the caller has made sure that everything fits.
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

static_assert(FixedSize + 36 + 7 * TlvHeader + MaxProxyAlpn + MaxProxyAuthority +
                  MaxProxyRequestId + 5 + MaxProxyTlsVersion + 4 + 1 <=
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

} // namespace

size_t encodeProxyHeader(const ProxyHeader& header, std::span<std::byte, MaxProxyHeader> out)
{
    if (header.authority.size() > MaxProxyAuthority || header.alpn.size() > MaxProxyAlpn ||
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
    if (!header.alpn.empty())
        writer.textTlv(TlvAlpn, header.alpn);
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
    if (header.plainHttp) {
        writer.u8(TlvPlainHttp);
        writer.u16(1);
        writer.u8(1);
    }
    writeU16(writer.at(14), static_cast<uint16_t>(writer.size() - FixedSize));
    return writer.size();
}

} // namespace sallyport::wire
