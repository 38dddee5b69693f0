#include "go_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sstream>

namespace sallyport::mux {

using namespace std::chrono_literals;

namespace {

constexpr size_t PatternSize = 1 << 20;

// As in go_peer/main.go.
const std::byte* pattern(uint32_t salt, uint64_t at)
{
    static const std::vector<std::byte> bytes = [] {
        std::vector<std::byte> all(2 * PatternSize);
        uint32_t x = 1;
        for (size_t i = 0; i < PatternSize; ++i) {
            x = x * 1664525 + 1013904223;
            all[i] = all[i + PatternSize] = static_cast<std::byte>(x >> 24);
        }
        return all;
    }();
    return bytes.data() + (salt * uint64_t{1009} + at) % PatternSize;
}

struct Listener
{
    Listener()
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        if (bind(fd, generic, length) == 0 && listen(fd, 1) == 0 &&
            getsockname(fd, generic, &length) == 0)
            port = ntohs(address.sin_port);
    }
    ~Listener() { close(fd); }
    int acceptOne() const
    {
        pollfd waiting{fd, POLLIN, 0};
        return poll(&waiting, 1, 10'000) == 1 ? accept(fd, nullptr, nullptr) : -1;
    }

    int fd = socket(AF_INET, SOCK_STREAM, 0);
    uint16_t port = 0;
};

} // namespace

GoPeer::GoPeer(Role role, const Config& config, const QStringList& options) : m_input(256 * 1024)
{
    const Listener listener;
    QStringList arguments{QStringLiteral("-address"),
                          QStringLiteral("127.0.0.1:%1").arg(listener.port)};
    if (role == Role::Server)
        arguments << QStringLiteral("-client");
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(QStringLiteral(YAMUX_GO_PEER), arguments + options);
    m_socket = listener.acceptOne();
    if (m_socket < 0)
        m_failure = "the Go peer did not connect";
    m_session = std::make_unique<Session>(role, config, m_pool, Clock::now());
}

GoPeer::~GoPeer()
{
    if (m_socket >= 0)
        close(m_socket);
    m_process.waitForFinished(5'000);
}

Talk& GoPeer::addTalk(StreamId id)
{
    m_talks.push_back(std::make_unique<Talk>());
    m_talks.back()->id = id;
    m_session->setContext(id, m_talks.back().get());
    return *m_talks.back();
}

Talk& GoPeer::open(const std::string& text)
{
    const auto id = m_session->openStream(Clock::now());
    if (!id) {
        m_failure = "open was refused";
        return *m_talks.emplace_back(std::make_unique<Talk>());
    }
    Talk& talk = addTalk(*std::as_const(id));
    say(talk, text);
    return talk;
}

void GoPeer::say(Talk& talk, const std::string& text)
{
    talk.toSay += text;
    continueSending(talk);
}

void GoPeer::finish(Talk& talk)
{
    talk.wantsFinish = true;
    continueSending(talk);
}

Talk& GoPeer::openBulk(uint32_t salt, uint64_t size)
{
    std::ostringstream command;
    command << "bulk " << salt << ' ' << size << '\n';
    Talk& talk = open(command.str());
    talk.bulk = true;
    talk.size = size;
    talk.sendSalt = salt;
    talk.receiveSalt = salt + 1;
    continueSending(talk);
    return talk;
}

std::string GoPeer::ask(const std::string& command)
{
    Talk& talk = open(command + "\n");
    finish(talk);
    waitFor([&] { return talk.over(); });
    return talk.text;
}

bool GoPeer::waitFor(const std::function<bool()>& condition)
{
    const TimePoint giveUp = Clock::now() + 60s;
    while (m_failure.empty() && !condition()) {
        if (Clock::now() > giveUp) {
            m_failure = "nothing happened for too long";
            return false;
        }
        turn(100);
    }
    return m_failure.empty();
}

// What a link driver does in one turn of its loop.
void GoPeer::turn(int timeoutMs)
{
    flush();
    const auto events = static_cast<short>(m_out.empty() ? POLLIN : POLLIN | POLLOUT);
    pollfd waiting{m_socket, events, 0};
    poll(&waiting, 1, timeoutMs);
    if (waiting.revents & (POLLIN | POLLHUP | POLLERR))
        receive();
    const auto deadline = m_session->nextDeadline();
    if (deadline && *deadline <= Clock::now()) {
        m_session->handleTimeout(Clock::now());
        drainEvents();
    }
}

void GoPeer::receive()
{
    const ssize_t n = recv(m_socket, m_input.data(), m_input.size(), MSG_DONTWAIT);
    if (n <= 0) {
        if (n == 0 || (errno != EAGAIN && errno != EINTR))
            m_failure = "the Go peer hung up";
        return;
    }
    m_session->receive(ByteView(m_input).first(static_cast<size_t>(n)), Clock::now());
    drainEvents();
}

void GoPeer::flush()
{
    for (;;) {
        if (m_out.size() < 1024 * 1024) {
            m_session->takeOutput(m_out, 1024 * 1024);
            drainEvents();
        }
        if (m_out.empty())
            return;
        const ByteView front = m_out.front();
        const ssize_t n = send(m_socket, front.data(), front.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n <= 0)
            return;
        m_out.consume(static_cast<size_t>(n));
    }
}

void GoPeer::drainEvents()
{
    while (auto event = m_session->nextEvent())
        handle(*event);
}

void GoPeer::handle(Event& event)
{
    Talk* talk = std::visit(
        [](const auto& e) -> Talk* {
            if constexpr (requires { e.context; })
                return static_cast<Talk*>(e.context);
            return nullptr;
        },
        event);
    if (const auto* opened = std::get_if<StreamOpened>(&event)) {
        m_openedByPeer = &addTalk(opened->id);
        m_session->accept(opened->id);
    } else if (std::get_if<StreamAccepted>(&event)) {
        talk->accepted = true;
    } else if (const auto* data = std::get_if<Data>(&event)) {
        onData(*talk, data->bytes);
    } else if (std::get_if<StreamFinished>(&event)) {
        talk->finished = true;
        if (talk->bulk && talk->received != talk->size)
            m_failure = "a bulk stream ended early";
    } else if (const auto* reset = std::get_if<StreamReset>(&event)) {
        talk->reset = reset->reason;
    } else if (std::get_if<StreamClosed>(&event)) {
        talk->closed = true;
    } else if (std::get_if<StreamWritable>(&event)) {
        continueSending(*talk);
    } else if (std::get_if<PingAnswered>(&event)) {
        ++m_pingsAnswered;
    } else if (std::get_if<GoAwayReceived>(&event)) {
        m_goAwayReceived = true;
    } else if (const auto* failed = std::get_if<SessionFailed>(&event)) {
        m_failure = std::string(toString(failed->error)) + ": " + failed->detail;
    }
}

void GoPeer::onData(Talk& talk, ByteView bytes)
{
    m_session->consumed(talk.id, bytes.size(), Clock::now());
    if (!talk.bulk) {
        talk.text += asText(bytes);
        // The peer's bulk streams begin with "bulk SALT SIZE\n"; what follows is theirs.
        const size_t end = talk.text.find('\n');
        if (end == std::string::npos || talk.text.rfind("bulk ", 0) != 0)
            return;
        std::istringstream(talk.text.substr(5)) >> talk.receiveSalt >> talk.size;
        talk.sendSalt = talk.receiveSalt + 1;
        talk.bulk = true;
        bytes = bytes.last(talk.text.size() - end - 1);
        continueSending(talk);
    }
    while (!bytes.empty()) {
        const size_t n = std::min(bytes.size(), PatternSize);
        if (talk.received + n > talk.size ||
            std::memcmp(bytes.data(), pattern(talk.receiveSalt, talk.received), n) != 0)
            m_failure = "wrong bytes in a bulk stream";
        talk.received += n;
        bytes = bytes.subspan(n);
    }
}

void GoPeer::continueSending(Talk& talk)
{
    if (!talk.toSay.empty())
        talk.toSay.erase(0, m_session->write(talk.id, asBytes(talk.toSay)));
    if (talk.toSay.empty() && sendBulk(talk) && (talk.bulk || talk.wantsFinish))
        m_session->finish(talk.id);
}

// True when nothing is left to send.
bool GoPeer::sendBulk(Talk& talk)
{
    while (talk.bulk && talk.sent < talk.size) {
        const size_t n = std::min<uint64_t>(talk.size - talk.sent, 64 * 1024);
        const size_t taken = m_session->write(talk.id, {pattern(talk.sendSalt, talk.sent), n});
        talk.sent += taken;
        if (taken < n)
            return false;
    }
    return true;
}

} // namespace sallyport::mux
