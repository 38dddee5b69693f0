// A session fed with arbitrary bytes, with commands in between, all derived from the input. Built
// with assertions, so the session's invariants are checked at every call; here, what a caller
// relies on: events in a sensible order, limits kept, output that is well formed.
#include <sallyport/mux/frame.h>
#include <sallyport/mux/session.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace sallyport;
using namespace sallyport::mux;

namespace {

void require(bool condition)
{
    if (!condition)
        std::abort();
}

class Input
{
public:
    Input(const uint8_t* bytes, size_t size) : m_bytes(bytes), m_size(size) {}
    bool empty() const { return m_size == 0; }
    uint8_t byte()
    {
        if (empty())
            return 0;
        --m_size;
        return *m_bytes++;
    }
    std::string take(size_t n)
    {
        n = std::min(n, m_size);
        std::string bytes(reinterpret_cast<const char*>(m_bytes), n);
        m_bytes += n;
        m_size -= n;
        return bytes;
    }

private:
    const uint8_t* m_bytes;
    size_t m_size;
};

class Run
{
public:
    explicit Run(Input input)
        : m_input(input),
          m_config(makeConfig()),
          m_session(m_input.byte() % 2 ? Role::Client : Role::Server, m_config, m_pool, m_now)
    {}

    void go()
    {
        while (!m_input.empty())
            step();
        takeOutput(SIZE_MAX);
        require(!m_session.hasOutput() || m_session.failed());
    }

private:
    struct Stream
    {
        size_t unread = 0;
        bool finished = false;
    };

    Config makeConfig()
    {
        Config config;
        config.maxStreams = 1 + m_input.byte() % 16;
        config.backlog = 1 + m_input.byte() % 16;
        config.unreadLimit = 1 + m_input.byte() * 100;
        config.queueLimit = 1 + m_input.byte() * 100;
        config.streamQueueLimit = 1 + m_input.byte() * 100;
        config.streamReserve = m_input.byte();
        config.maxFrame = 1 + m_input.byte();
        config.windowBudget = 1024 * 1024;
        config.maxPendingResets = config.maxStreams + config.backlog;
        return config;
    }

    void step()
    {
        const uint8_t action = m_input.byte();
        const StreamId id = 1 + m_input.byte() % 40;
        switch (action % 16) {
        case 0:
        case 1:
        case 2:
            feed(m_input.take(id));
            break;
        case 3:
        case 4:
        case 5:
        case 6:
            feedFrame(id);
            break;
        case 7: {
            const auto opened = m_session.openStream(m_now);
            if (opened)
                m_streams[*std::as_const(opened)] = {};
            break;
        }
        case 8:
            m_session.accept(id);
            break;
        case 9: {
            const std::string text(m_input.byte() * 20, 'w');
            const size_t room = m_session.writable(id);
            require(m_session.write(id, asBytes(text)) == std::min(room, text.size()));
            break;
        }
        case 10:
            m_session.finish(id);
            break;
        case 11:
            m_session.reset(id);
            m_streams.erase(id);
            break;
        case 12:
            consume(id);
            break;
        case 13:
            takeOutput(id * 50);
            break;
        case 14:
            m_now += std::chrono::milliseconds(id * id * 20);
            m_session.handleTimeout(m_now);
            require(!m_session.nextDeadline() || *m_session.nextDeadline() > m_now);
            break;
        default:
            if (id == 1)
                m_session.goAway(GoAwayCode::Normal);
            else if (id < 20)
                m_session.setUrgent(id);
            else
                m_session.ping(m_now);
        }
        drainEvents();
        require(m_session.streamCount() <= m_config.maxStreams);
        require(m_session.queuedBytes() <=
                m_config.queueLimit + m_config.maxStreams * m_config.streamReserve);
        require(m_session.unreadBytes() <= m_config.unreadLimit);
    }

    // A frame that is more likely to mean something than random bytes are.
    void feedFrame(StreamId id)
    {
        FrameHeader header;
        const uint8_t kind = m_input.byte();
        header.type = static_cast<FrameType>(kind % 4);
        header.flags = (kind >> 2) % 16;
        header.streamId = header.type >= FrameType::Ping ? 0 : id;
        header.length = m_input.byte();
        if (header.type == FrameType::Ping)
            header.flags = header.flags % 2 ? flag::Syn : flag::Ack;
        if (header.type == FrameType::GoAway)
            header.flags = 0;
        std::byte encoded[HeaderSize];
        encode(header, encoded);
        std::string bytes(asText(encoded));
        if (header.type == FrameType::Data)
            bytes.append(header.length, 'd');
        feed(bytes);
    }

    void feed(const std::string& bytes)
    {
        // Its own allocation, so that reading beyond it is noticed.
        const auto exact = std::make_unique<char[]>(bytes.size());
        std::copy(bytes.begin(), bytes.end(), exact.get());
        m_session.receive(asBytes({exact.get(), bytes.size()}), m_now);
        drainEvents();
    }

    void consume(StreamId id)
    {
        const auto it = m_streams.find(id);
        if (it == m_streams.end())
            return;
        const size_t n = std::min<size_t>(it->second.unread, m_input.byte() * 4);
        it->second.unread -= n;
        m_session.consumed(id, n, m_now);
    }

    void takeOutput(size_t maxBytes)
    {
        ByteQueue out(m_pool);
        require(m_session.takeOutput(out, maxBytes) == out.size());
        const std::string text = out.peekText();
        std::string_view bytes = text;
        while (!bytes.empty()) {
            require(bytes.size() >= HeaderSize);
            const auto header = decode(asBytes(bytes).data());
            require(header.ok());
            bytes.remove_prefix(HeaderSize);
            if (header.value().type == FrameType::Data) {
                require(header.value().length <= m_config.maxFrame);
                bytes.remove_prefix(header.value().length);
            }
        }
        drainEvents();
    }

    void drainEvents()
    {
        while (const auto event = m_session.nextEvent()) {
            require(!m_over);
            std::visit([this](const auto& e) { handle(e); }, *event);
        }
    }

    Stream& known(StreamId id)
    {
        const auto it = m_streams.find(id);
        require(it != m_streams.end());
        return it->second;
    }

    void handle(const StreamOpened& e)
    {
        require(!m_streams.contains(e.id));
        m_streams[e.id] = {};
    }
    void handle(const StreamAccepted& e) { known(e.id); }
    void handle(const Data& e)
    {
        Stream& stream = known(e.id);
        require(!e.bytes.empty() && !stream.finished);
        stream.unread += e.bytes.size();
        // Touch every byte: they must be readable.
        for (std::byte b : e.bytes)
            m_sum += std::to_integer<unsigned>(b);
    }
    void handle(const StreamFinished& e)
    {
        Stream& stream = known(e.id);
        require(!stream.finished);
        stream.finished = true;
    }
    void handle(const StreamReset& e)
    {
        known(e.id);
        m_streams.erase(e.id);
    }
    void handle(const StreamClosed& e)
    {
        require(known(e.id).finished);
        m_streams.erase(e.id);
    }
    void handle(const StreamWritable& e)
    {
        known(e.id);
        require(m_session.writable(e.id) > 0);
    }
    void handle(const PingAnswered&) {}
    void handle(const GoAwayReceived&) {}
    void handle(const SessionFailed&)
    {
        m_over = true;
        m_streams.clear();
    }

    Input m_input;
    Config m_config;
    BufferPool m_pool;
    TimePoint m_now{std::chrono::hours(1)};
    Session m_session;
    std::map<StreamId, Stream> m_streams;
    bool m_over = false;
    unsigned m_sum = 0;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size)
{
    Run(Input(bytes, size)).go();
    return 0;
}
