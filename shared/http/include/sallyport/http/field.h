// One field line of a head, and the names that mean something to a proxy.
#pragma once

#include <cstdint>
#include <string_view>

namespace sallyport::http {

// Field names are compared once, when a head is read; from then on this number stands for the name.
enum class FieldId : uint8_t {
    Other,
    Host,
    ContentLength,
    TransferEncoding,
    Connection,
    KeepAlive,
    ProxyConnection,
    Te,
    Trailer,
    Upgrade,
    Expect,
    Forwarded,
    XForwardedFor,
    XForwardedProto,
    XForwardedHost,
    // Any further X-Forwarded-*, and X-Real-IP.
    XForwardedOther,
    XRequestId,
    // Names that an upstream could take for one of the above or for its own settings:
    // X_Forwarded_For (CGI turns both into HTTP_X_FORWARDED_FOR), Proxy (CGI's HTTP_PROXY). They
    // never travel on.
    Spoof,
    SallyportError,
    // Given by no name: whoever looks at a request before it travels on sets it, and the field
    // stays behind.
    Withheld,
};

// Compares without case.
FieldId identifyField(std::string_view name);

// What may not stand in a trailer: it had to be known before the body (RFC 9110 section 6.5.1).
bool isForbiddenTrailer(std::string_view name);

class FieldSet
{
public:
    void add(FieldId id) { m_bits |= bit(id); }
    bool has(FieldId id) const { return (m_bits & bit(id)) != 0; }
    bool intersects(FieldSet other) const { return (m_bits & other.m_bits) != 0; }

    constexpr FieldSet() = default;
    template <typename... Ids>
    constexpr explicit FieldSet(FieldId first, Ids... rest) : m_bits(bit(first))
    {
        ((m_bits |= bit(rest)), ...);
    }

private:
    static constexpr uint32_t bit(FieldId id) { return uint32_t(1) << static_cast<unsigned>(id); }
    uint32_t m_bits = 0;
};

struct Field
{
    // As sent; never empty.
    std::string_view name;
    // Without surrounding spaces and tabs.
    std::string_view value;
    // Length of the whole line, CR LF included; it starts where the name starts.
    uint32_t lineSize = 0;
    FieldId id = FieldId::Other;

    std::string_view line() const { return {name.data(), lineSize}; }
};

} // namespace sallyport::http
