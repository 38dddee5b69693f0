// Reads the ClientHello at the front of a connection without taking part in the handshake: which
// server the client wants (RFC 6066 section 3) and which protocols it offers (RFC 7301), so that
// the connection can be routed before a byte of it is consumed.
//
// Call read() with everything that came from the connection's first byte on, again with more when
// it says NeedMore: the reader keeps nothing of a connection between calls, so one reader serves
// all connections of a thread, and what it found is valid until the next call and while the bytes
// are. It allocates only for a ClientHello that is split over several records.
//
// Strict where a second reader (the server behind us) could understand something else: the framing
// of records (RFC 8446 section 5.1), of the message (section 4.1.2) and of the two extensions,
// which may appear once. Everything else (versions, ciphers, GREASE, other extensions) is the
// server's. A longer input never changes a decision. The encrypted inner hello of ECH stays unread.
#pragma once

#include <sallyport/base/bytes.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::tls {

// Alerts that answer a hello (RFC 8446 section 6.2).
enum class Alert : uint8_t {
    UnexpectedMessage = 10,
    RecordOverflow = 22,
    HandshakeFailure = 40,
    IllegalParameter = 47,
    AccessDenied = 49,
    DecodeError = 50,
    InternalError = 80,
    UnrecognizedName = 112,
    NoApplicationProtocol = 120,
};
// A fatal alert as a record in plain, as it stands on the wire before keys are agreed.
std::array<std::byte, 7> alertRecord(Alert alert);

enum class HelloStatus : uint8_t {
    NeedMore,
    Complete,
    NotTls,    // does not begin with a handshake record: say nothing, the peer would not understand
    Malformed, // send alert(), then close
};

class ClientHelloReader
{
public:
    // Of bytes on the wire, record headers included.
    static constexpr size_t DefaultLimit = 32 * 1024;

    explicit ClientHelloReader(size_t limit = DefaultLimit) : m_limit(limit) {}

    HelloStatus read(ByteView all);

    // After Complete: lower case, without a final dot. Empty when the client named no server, or an
    // IP address, which RFC 6066 forbids and some clients send.
    std::string_view serverName() const { return {m_name.data(), m_nameSize}; }
    bool offers(std::string_view protocol) const;
    // Empty unless exactly one protocol is offered: then it is known before the server answers.
    std::string_view onlyProtocol() const;
    // Calls back with each offered protocol, in the client's order of preference.
    template <typename Visitor>
    void forEachProtocol(Visitor&& visit) const
    {
        for (ByteView rest = m_protocols; !rest.empty();) {
            const size_t size = std::to_integer<size_t>(rest[0]);
            visit(asText(rest.subspan(1, size)));
            rest = rest.subspan(1 + size);
        }
    }

    // After Malformed.
    Alert alert() const { return m_alert; }
    // For a log: "two server names".
    std::string_view reason() const { return m_reason; }

private:
    class Body;

    HelloStatus refuse(Alert alert, std::string_view reason);
    HelloStatus readMessage(ByteView message);
    HelloStatus readExtensions(Body extensions);
    HelloStatus readServerName(Body extension);
    HelloStatus readProtocols(Body extension);
    bool assignName(std::string_view name);

    size_t m_limit;
    std::string m_joined; // the message, when several records hold it
    std::array<char, 253> m_name;
    size_t m_nameSize = 0;
    ByteView m_protocols; // each with its length in front
    Alert m_alert = Alert::DecodeError;
    std::string_view m_reason;
};

} // namespace sallyport::tls
