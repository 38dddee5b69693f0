// A pair of links over one connection, and streams that check what they receive.
#pragma once

#include "net_channels.h"

#include <algorithm>

namespace sallyport::net::test {

// Sends a pattern, and checks the one that it receives.
struct TestStream : LinkStream
{
    // Begins to send; what finds no room follows.
    void send(size_t size, uint32_t seed)
    {
        toSend = size;
        seedToSend = seed;
        more();
    }
    // From now on what comes is taken, and what came.
    void read()
    {
        reads = true;
        consumed(std::exchange(unread, 0));
    }

    void streamData(ByteView bytes) override
    {
        correct = correct && matchesPattern(bytes, received, seedToExpect);
        received += bytes.size();
        if (reads)
            consumed(bytes.size());
        else
            unread += bytes.size();
        run(onData);
    }
    void streamFinished() override
    {
        ++finished;
        run(onFinished);
    }
    void streamReset() override
    {
        ++resets;
        run(onReset);
    }
    void streamClosed() override
    {
        ++closed;
        run(onClosed);
    }
    void streamWritable() override
    {
        more();
        run(onWritable);
    }

    size_t received = 0;
    size_t unread = 0;
    bool reads = true;
    bool correct = true;
    uint32_t seedToExpect = 0;
    int finished = 0;
    int resets = 0;
    int closed = 0;
    bool finishWhenSent = false;
    std::function<void()> onData;
    std::function<void()> onFinished;
    std::function<void()> onReset;
    std::function<void()> onClosed;
    std::function<void()> onWritable;

private:
    static void run(const std::function<void()>& f)
    {
        const auto copy = f;
        if (copy)
            copy();
    }
    void more()
    {
        while (sent < toSend) {
            const size_t room = writable();
            if (room == 0)
                return;
            const size_t n = std::min({room, toSend - sent, size_t(40'000)});
            sent += write(asBytes(pattern(sent, n, seedToSend)));
        }
        if (finishWhenSent)
            finish();
    }

    size_t toSend = 0;
    size_t sent = 0;
    uint32_t seedToSend = 0;
};

// Writes down what a link says, and gives every stream that the peer opens a TestStream.
struct LinkRecorder final : LinkOwner
{
    void linkStreamOpened(mux::StreamId id) override
    {
        if (refuse)
            return link->refuse(id);
        streams.push_back(std::make_unique<TestStream>());
        TestStream& stream = *streams.back();
        link->attach(id, stream);
        if (onStream)
            onStream(stream);
    }
    void linkRoundTrip(Duration) override
    {
        ++roundTrips;
        if (onRoundTrip)
            onRoundTrip();
    }
    void linkGoingAway() override
    {
        ++goingAway;
        if (onGoingAway)
            onGoingAway();
    }
    void linkClosed(const std::string& reason) override
    {
        closed = reason;
        streamsWereResetFirst = std::none_of(streams.begin(), streams.end(),
                                             [](const auto& s) { return s->isAttached(); });
    }

    Link* link = nullptr;
    bool refuse = false;
    std::vector<std::unique_ptr<TestStream>> streams;
    std::function<void(TestStream&)> onStream;
    std::function<void()> onRoundTrip;
    std::function<void()> onGoingAway;
    int roundTrips = 0;
    int goingAway = 0;
    std::string closed;
    bool streamsWereResetFirst = false;
};

// `client` is the agent's end: streams are opened by the server mostly.
struct LinkPair
{
    LinkPair(IoContext& io, Transport transport, const mux::Config& config = {})
        : LinkPair(io, transport, config, tcpPair())
    {}
    LinkPair(IoContext& io, Transport transport, const mux::Config& config,
             std::pair<Socket, Socket> sockets)
        : m_serverDescriptor(sockets.second.descriptor()),
          m_channels(io, transport, std::move(sockets))
    {
        client = std::make_unique<Link>(io, std::move(m_channels.client), mux::Role::Client, config,
                                        clientSays);
        server = std::make_unique<Link>(io, std::move(m_channels.server), mux::Role::Server, config,
                                        serverSays);
        clientSays.link = client.get();
        serverSays.link = server.get();
        client->start();
        server->start();
    }
    // Breaks the connection below everything. Both links are open still.
    void cutOff() { ::shutdown(m_serverDescriptor, SHUT_RDWR); }

private:
    int m_serverDescriptor;
    ChannelPair m_channels;

public:
    LinkRecorder clientSays;
    LinkRecorder serverSays;
    std::vector<std::unique_ptr<TestStream>> serverStreams;
    std::unique_ptr<Link> client;
    std::unique_ptr<Link> server;
};

} // namespace sallyport::net::test
