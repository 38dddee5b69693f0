#include <sallyport/tls/client_hello.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace sallyport::tls {

namespace {

constexpr size_t RecordHeader = 5;
constexpr size_t MaxFragment = 16 * 1024;
constexpr size_t MessageHeader = 4;
constexpr size_t RandomSize = 32;
constexpr size_t MaxSessionId = 32;
constexpr size_t MaxLabel = 63;
constexpr std::byte HandshakeRecord{22};
constexpr std::byte ClientHelloMessage{1};
constexpr uint16_t ServerNameExtension = 0;
constexpr uint16_t AlpnExtension = 16;
constexpr uint8_t HostNameType = 0;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

// Lower case of a character that a label may hold, 0 for all others. As in host names of requests,
// an underscore is let pass.
char labelChar(char c)
{
    if (c >= 'A' && c <= 'Z')
        return static_cast<char>(c - 'A' + 'a');
    return (c >= 'a' && c <= 'z') || isDigit(c) || c == '-' || c == '_' ? c : '\0';
}

// No top-level domain is a number, so a name that ends in one is an address (RFC 3696 section 2).
bool isAddress(std::string_view name)
{
    if (name.find(':') != std::string_view::npos)
        return std::all_of(name.begin(), name.end(), [](char c) {
            const char lower = labelChar(c);
            return isDigit(c) || (lower >= 'a' && lower <= 'f') || c == ':' || c == '.';
        });
    const std::string_view last = name.substr(name.rfind('.') + 1);
    return !last.empty() && std::all_of(last.begin(), last.end(), isDigit) &&
           std::all_of(name.begin(), name.end(), [](char c) { return isDigit(c) || c == '.'; });
}

} // namespace

// What is left of a structure. A read that finds too little fails, and all later ones with it.
class ClientHelloReader::Body
{
public:
    explicit Body(ByteView bytes) : m_rest(bytes) {}

    bool empty() const { return m_rest.empty(); }
    bool failed() const { return m_failed; }
    ByteView rest() const { return m_rest; }

    ByteView take(size_t size)
    {
        if (size > m_rest.size()) {
            m_failed = true;
            m_rest = {};
            return {};
        }
        const ByteView taken = m_rest.first(size);
        m_rest = m_rest.subspan(size);
        return taken;
    }
    size_t number(size_t bytes)
    {
        size_t value = 0;
        for (const std::byte b : take(bytes))
            value = value << 8 | std::to_integer<size_t>(b);
        return value;
    }
    // A vector with its length in front (RFC 8446 section 3.4).
    ByteView vector(size_t lengthBytes) { return take(number(lengthBytes)); }

private:
    ByteView m_rest;
    bool m_failed = false;
};

std::array<std::byte, 7> alertRecord(Alert alert)
{
    constexpr std::byte AlertRecord{21};
    constexpr std::byte Fatal{2};
    return {AlertRecord,
            std::byte{3},
            std::byte{3},
            std::byte{0},
            std::byte{2},
            Fatal,
            std::byte(static_cast<uint8_t>(alert))};
}

HelloStatus ClientHelloReader::refuse(Alert alert, std::string_view reason)
{
    m_alert = alert;
    m_reason = reason;
    m_nameSize = 0;
    m_protocols = {};
    return HelloStatus::Malformed;
}

// Walks the records until they hold the whole message. What is known to be wrong is said at once,
// without waiting for the rest.
HelloStatus ClientHelloReader::read(ByteView all)
{
    m_nameSize = 0;
    m_protocols = {};
    m_joined.clear();
    if (all.empty())
        return HelloStatus::NeedMore;
    if (all[0] != HandshakeRecord || (all.size() > 1 && all[1] != std::byte{3}))
        return HelloStatus::NotTls;

    ByteView message; // so far; in place while one record holds it
    std::optional<size_t> wanted;
    size_t at = 0;
    while (true) {
        const ByteView record = all.subspan(at);
        if (!record.empty() && record[0] != HandshakeRecord)
            return refuse(Alert::UnexpectedMessage, "another record inside the hello");
        if (record.size() > 1 && record[1] != std::byte{3})
            return refuse(Alert::DecodeError, "a record of an unknown version");
        if (record.size() < RecordHeader)
            break;
        const size_t size = readU16(record.data() + 3);
        if (size == 0)
            return refuse(Alert::DecodeError, "an empty record");
        if (size > MaxFragment)
            return refuse(Alert::RecordOverflow, "a record of over 16 KiB");
        const ByteView fragment =
            record.subspan(RecordHeader, std::min(size, record.size() - RecordHeader));
        if (at == 0) {
            message = fragment;
        } else {
            if (m_joined.empty())
                m_joined = asText(message);
            m_joined += asText(fragment);
            message = asBytes(m_joined);
        }

        if (!message.empty() && message[0] != ClientHelloMessage)
            return refuse(Alert::UnexpectedMessage, "a message that is no ClientHello");
        if (!wanted && message.size() >= MessageHeader) {
            wanted = MessageHeader + (readU32(message.data()) & 0xffffff);
            if (*wanted > m_limit)
                return refuse(Alert::IllegalParameter, "a hello beyond the limit");
        }
        const size_t missing = size - fragment.size();
        if (wanted && message.size() + missing > *wanted)
            return refuse(Alert::UnexpectedMessage, "something behind the hello in its record");
        if (at + RecordHeader + size > m_limit)
            return refuse(Alert::IllegalParameter, "a hello beyond the limit");
        if (missing > 0)
            return HelloStatus::NeedMore;
        if (wanted && message.size() == *wanted)
            return readMessage(message.subspan(MessageHeader));
        at += RecordHeader + size;
    }
    if (at + RecordHeader >= m_limit)
        return refuse(Alert::IllegalParameter, "a hello beyond the limit");
    return HelloStatus::NeedMore;
}

// RFC 8446 section 4.1.2.
HelloStatus ClientHelloReader::readMessage(ByteView message)
{
    Body body(message);
    body.take(2 + RandomSize);
    const ByteView sessionId = body.vector(1);
    const ByteView ciphers = body.vector(2);
    const ByteView compressions = body.vector(1);
    if (body.failed() || sessionId.size() > MaxSessionId || ciphers.empty() ||
        ciphers.size() % 2 != 0 || compressions.empty())
        return refuse(Alert::DecodeError, "a hello that is framed wrongly");
    // Before TLS 1.3 there may be no extensions at all.
    if (body.empty())
        return HelloStatus::Complete;
    const ByteView extensions = body.vector(2);
    if (body.failed() || !body.empty())
        return refuse(Alert::DecodeError, "extensions that do not fill their place");
    return readExtensions(Body(extensions));
}

HelloStatus ClientHelloReader::readExtensions(Body extensions)
{
    bool sawName = false;
    bool sawProtocols = false;
    while (!extensions.empty()) {
        const size_t type = extensions.number(2);
        const ByteView content = extensions.vector(2);
        if (extensions.failed())
            return refuse(Alert::DecodeError, "extensions that do not fill their place");
        HelloStatus status = HelloStatus::Complete;
        if (type == ServerNameExtension) {
            if (std::exchange(sawName, true))
                return refuse(Alert::IllegalParameter, "two extensions with a server name");
            status = readServerName(Body(content));
        } else if (type == AlpnExtension) {
            if (std::exchange(sawProtocols, true))
                return refuse(Alert::IllegalParameter, "two extensions with protocols");
            status = readProtocols(Body(content));
        }
        if (status != HelloStatus::Complete)
            return status;
    }
    return HelloStatus::Complete;
}

// RFC 6066 section 3. Name types other than host_name begin with a length too.
HelloStatus ClientHelloReader::readServerName(Body extension)
{
    Body names(extension.vector(2));
    if (extension.failed() || !extension.empty() || names.empty())
        return refuse(Alert::DecodeError, "a server name that is framed wrongly");
    bool sawHost = false;
    while (!names.empty()) {
        const size_t type = names.number(1);
        const ByteView name = names.vector(2);
        if (names.failed() || name.empty())
            return refuse(Alert::DecodeError, "a server name that is framed wrongly");
        if (type != HostNameType)
            continue;
        if (std::exchange(sawHost, true))
            return refuse(Alert::IllegalParameter, "two server names");
        if (!assignName(asText(name)))
            return refuse(Alert::IllegalParameter, "a server name that is no host name");
    }
    return HelloStatus::Complete;
}

bool ClientHelloReader::assignName(std::string_view name)
{
    if (name.ends_with('.'))
        name.remove_suffix(1);
    if (isAddress(name))
        return true;
    if (name.size() > m_name.size())
        return false;
    size_t label = 0;
    for (size_t i = 0; i < name.size(); ++i) {
        if (name[i] == '.' && label > 0) {
            m_name[i] = '.';
            label = 0;
            continue;
        }
        const char lower = labelChar(name[i]);
        if (lower == '\0' || ++label > MaxLabel)
            return false;
        m_name[i] = lower;
    }
    if (label == 0)
        return false;
    m_nameSize = name.size();
    return true;
}

// RFC 7301 section 3.1.
HelloStatus ClientHelloReader::readProtocols(Body extension)
{
    const ByteView list = extension.vector(2);
    if (extension.failed() || !extension.empty() || list.empty())
        return refuse(Alert::DecodeError, "protocols that are framed wrongly");
    Body protocols(list);
    while (!protocols.empty())
        if (protocols.vector(1).empty())
            return refuse(Alert::DecodeError, "protocols that are framed wrongly");
    m_protocols = list;
    return HelloStatus::Complete;
}

std::string_view ClientHelloReader::onlyProtocol() const
{
    if (m_protocols.empty() || std::to_integer<size_t>(m_protocols[0]) + 1 != m_protocols.size())
        return {};
    return asText(m_protocols.subspan(1));
}

bool ClientHelloReader::offers(std::string_view protocol) const
{
    bool found = false;
    forEachProtocol([&](std::string_view offered) { found = found || offered == protocol; });
    return found;
}

} // namespace sallyport::tls
