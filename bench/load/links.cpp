#include "modes.h"

#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace sallyport::bench {

namespace {

constexpr int atOnce = 32; // handshakes under way

// yamux (docs/protocol.md): version, type, u16 flags, u32 stream, u32 length
constexpr size_t frameHeader = 12;
constexpr char typeData = 0;
constexpr char typeWindowUpdate = 1;
constexpr char typePing = 2;
constexpr char flagSyn = 1;
constexpr char flagAck = 2;
constexpr uint32_t controlStream = 1;

std::string bigEndian(uint32_t value)
{
    return {char(value >> 24), char(value >> 16), char(value >> 8), char(value)};
}

uint32_t readBigEndian(const char* bytes)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; ++i)
        value = (value << 8) | uint8_t(bytes[i]);
    return value;
}

std::string frame(char type, char flags, uint32_t stream, uint32_t length)
{
    return std::string({'\0', type, '\0', flags}) + bigEndian(stream) + bigEndian(length);
}

// The control stream's opening and a hello that asks for no tunnel.
std::string helloFrames(int number, const std::string& token)
{
    const std::string name = "idle-" + std::to_string(number);
    const std::string json =
        R"({"type":"hello","protocol":1,"agent":{"id":")" + name + R"(","name":")" + name +
        R"(","version":"0","os":"linux","arch":"any"},)" + R"("auth":{"scheme":"token","token":")" +
        token + R"("},"tunnels":[]})";
    const std::string message = bigEndian(uint32_t(json.size())) + json;
    return frame(typeWindowUpdate, flagSyn, controlStream, 0) +
           frame(typeData, 0, controlStream, uint32_t(message.size())) + message;
}

class Links;

class Link : public Handler
{
public:
    Link(Links& owner, uint16_t port, int number, SSL_CTX* tls);
    ~Link() override;
    void ready(uint32_t events) override;

private:
    bool proceed();
    bool handshake();
    bool readAvailable();
    bool takeFrames();
    bool sendBytes(const std::string& bytes);
    ssize_t readBytes(char* bytes, size_t size);

    Links& m_owner;
    int m_number;
    int m_fd;
    SSL* m_ssl = nullptr;
    bool m_connected = false;
    bool m_said = false;
    bool m_welcome = false;
    std::string m_input;
};

class Links
{
public:
    Links(Loop& loop, const Arguments& arguments)
        : m_loop(loop), m_port(arguments.port), m_wanted(int(arguments.number("count", 1)))
    {
        const char* token = std::getenv("SALLYPORT_TOKEN");
        if (!token)
            fail("SALLYPORT_TOKEN is not set");
        m_token = token;
        if (arguments.number("tls", 1) != 0) {
            static const unsigned char alpn[] = "\x0bsallyport/1";
            // No verification: the relay is the one that this run started on the loopback.
            m_tls = SSL_CTX_new(TLS_client_method());
            SSL_CTX_set_mode(m_tls, SSL_MODE_RELEASE_BUFFERS);
            SSL_CTX_set_alpn_protos(m_tls, alpn, sizeof alpn - 1);
        }
        for (int i = 0; i < std::min(atOnce, m_wanted); ++i)
            openOne();
    }

    Loop& loop() { return m_loop; }
    const std::string& token() const { return m_token; }

    void welcomed()
    {
        ++m_open;
        settled();
    }

    void lost(bool wasOpen, const std::string& reason)
    {
        if (m_lost++ == 0)
            m_firstLoss = reason;
        if (wasOpen)
            --m_open;
        else
            settled();
    }

    std::string report() const
    {
        return "{\"open\": " + std::to_string(m_open) + ", \"lost\": " + std::to_string(m_lost) +
               ", \"first_loss\": \"" + m_firstLoss + "\"}";
    }

private:
    void openOne()
    {
        ++m_started;
        new Link(*this, m_port, m_started, m_tls);
    }

    void settled()
    {
        ++m_settled;
        if (m_started < m_wanted)
            openOne();
        else if (m_settled == m_wanted)
            tell("ready " + std::to_string(m_open));
    }

    Loop& m_loop;
    uint16_t m_port;
    int m_wanted;
    std::string m_token;
    SSL_CTX* m_tls = nullptr;
    int m_started = 0;
    int m_settled = 0;
    int m_open = 0;
    int m_lost = 0;
    std::string m_firstLoss;
};

Link::Link(Links& owner, uint16_t port, int number, SSL_CTX* tls)
    : m_owner(owner), m_number(number), m_fd(connectTo(port))
{
    if (tls) {
        m_ssl = SSL_new(tls);
        SSL_set_fd(m_ssl, m_fd);
        SSL_set_connect_state(m_ssl);
    }
    m_owner.loop().add(m_fd, EPOLLOUT, this);
}

Link::~Link()
{
    SSL_free(m_ssl);
    m_owner.loop().remove(m_fd);
    close(m_fd);
}

void Link::ready(uint32_t)
{
    if (proceed())
        return;
    m_owner.lost(m_welcome, m_said ? "closed by the relay" : "handshake failed");
    m_owner.loop().retire(this);
}

bool Link::proceed()
{
    if (!m_connected) {
        if (connectError(m_fd) != 0)
            return false;
        m_connected = true;
        m_owner.loop().modify(m_fd, EPOLLIN, this);
    }
    if (!m_said) {
        if (m_ssl && !SSL_is_init_finished(m_ssl) && !handshake())
            return false;
        if (m_ssl && !SSL_is_init_finished(m_ssl))
            return true;
        m_said = true;
        if (!sendBytes(helloFrames(m_number, m_owner.token())))
            return false;
    }
    return readAvailable() && takeFrames();
}

bool Link::handshake()
{
    const int result = SSL_do_handshake(m_ssl);
    return result == 1 || SSL_get_error(m_ssl, result) == SSL_ERROR_WANT_READ;
}

bool Link::readAvailable()
{
    std::array<char, 4096> bytes{};
    for (;;) {
        const ssize_t size = readBytes(bytes.data(), bytes.size());
        if (size <= 0)
            return size < 0;
        m_input.append(bytes.data(), size_t(size));
    }
}

// Bytes read, 0 at the end or on an error, -1 when there are none now.
ssize_t Link::readBytes(char* bytes, size_t size)
{
    if (!m_ssl) {
        const ssize_t got = recv(m_fd, bytes, size, 0);
        return got >= 0 ? got : errno == EAGAIN ? -1 : 0;
    }
    const int got = SSL_read(m_ssl, bytes, int(size));
    if (got > 0)
        return got;
    return SSL_get_error(m_ssl, got) == SSL_ERROR_WANT_READ ? -1 : 0;
}

// These messages are a few hundred bytes: an empty socket buffer takes each whole.
bool Link::sendBytes(const std::string& bytes)
{
    if (m_ssl)
        return SSL_write(m_ssl, bytes.data(), int(bytes.size())) == int(bytes.size());
    return send(m_fd, bytes.data(), bytes.size(), 0) == ssize_t(bytes.size());
}

bool Link::takeFrames()
{
    size_t used = 0;
    while (m_input.size() - used >= frameHeader) {
        const char* header = m_input.data() + used;
        const uint32_t length = readBigEndian(header + 8);
        const size_t body = header[1] == typeData ? length : 0;
        if (m_input.size() - used < frameHeader + body)
            break;
        if (header[1] == typePing && (header[3] & flagSyn) != 0 &&
            !sendBytes(frame(typePing, flagAck, 0, length)))
            return false;
        const std::string text(header + frameHeader, body);
        if (text.find("\"refuse\"") != std::string::npos)
            fail("the relay refused an idle link: " +
                 text.substr(std::min<size_t>(4, text.size())));
        if (!m_welcome && text.find("\"welcome\"") != std::string::npos) {
            m_welcome = true;
            m_owner.welcomed();
        }
        used += frameHeader + body;
    }
    m_input.erase(0, used);
    if (m_input.empty())
        m_input.shrink_to_fit();
    return true;
}

} // namespace

int links(const Arguments& arguments)
{
    Loop loop;
    Links all(loop, arguments);
    Marks marks(loop, [&all] { return all.report(); });
    loop.run();
    return 0;
}

} // namespace sallyport::bench
