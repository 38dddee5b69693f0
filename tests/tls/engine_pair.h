// Two TLS engines joined in memory, and the contexts that most tests want.
#pragma once

#include <sallyport/tls/engine.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace sallyport::tls::test {

inline SystemTime daysAgo(int days)
{
    return std::chrono::system_clock::now() - std::chrono::hours(24 * days);
}

inline KeyPair keysFor(std::vector<std::string> names, SystemTime notBefore = daysAgo(1),
                       std::chrono::hours validFor = std::chrono::hours(24 * 365))
{
    SelfSignedOptions options;
    options.names = std::move(names);
    options.notBefore = notBefore;
    options.validFor = validFor;
    return makeSelfSigned(options).value();
}

inline const KeyPair& relayKeys()
{
    static const KeyPair keys = keysFor({"relay.example.com", "127.0.0.1"});
    return keys;
}

inline std::shared_ptr<const Context> serverContext(const KeyPair& keys = relayKeys(),
                                                    AlpnList alpn = {},
                                                    Version minimum = Version::Tls12)
{
    ServerConfig config;
    config.keys = keys;
    config.alpn = std::move(alpn);
    config.minimum = minimum;
    return Context::server(config).value();
}

inline ClientConfig clientConfig(AlpnList alpn = {})
{
    ClientConfig config;
    config.serverName = "relay.example.com";
    config.alpn = std::move(alpn);
    config.trust = CaPem{relayKeys().chainPem};
    return config;
}

inline std::shared_ptr<const Context> clientContext(AlpnList alpn = {})
{
    return Context::client(clientConfig(std::move(alpn))).value();
}

// How many of the available bytes arrive together.
using Chunking = std::function<size_t(size_t available)>;

inline Chunking whole()
{
    return [](size_t available) { return available; };
}
inline Chunking bytewise()
{
    return [](size_t) { return size_t(1); };
}
inline Chunking randomly(unsigned seed, size_t longest)
{
    return [random = std::mt19937(seed), longest](size_t) mutable {
        return std::uniform_int_distribution<size_t>(1, longest)(random);
    };
}

struct EnginePair
{
    explicit EnginePair(std::shared_ptr<const Context> clientSide = clientContext(),
                        std::shared_ptr<const Context> serverSide = serverContext(),
                        std::string_view serverName = {})
        : client(std::move(clientSide), pool, serverName), server(std::move(serverSide), pool)
    {}

    // Carries bytes both ways until nothing moves. Returns *this, so that a test can start with it.
    EnginePair& run(const Chunking& chunking = whole())
    {
        bool moved = true;
        while (moved) {
            moved = carry(client, server, atServer, chunking);
            moved = carry(server, client, atClient, chunking) || moved;
        }
        return *this;
    }

    // One direction. The bytes live in a block of their own just as long as the engine's contract
    // says, so that the address sanitizer sees an engine that keeps them longer.
    static bool carry(Engine& from, Engine& to, std::string& sink, const Chunking& chunking)
    {
        bool moved = false;
        while (!from.output().empty()) {
            const ByteView front = from.output().front();
            const size_t n = std::min(front.size(), chunking(front.size()));
            const std::vector<std::byte> chunk(front.begin(),
                                               front.begin() + static_cast<std::ptrdiff_t>(n));
            from.output().consume(n);
            to.receive(chunk);
            drain(to, sink);
            moved = true;
        }
        return moved;
    }

    static void drain(Engine& engine, std::string& sink, size_t bufferSize = 64 * 1024)
    {
        std::vector<std::byte> buffer(bufferSize);
        while (const size_t n = engine.read(buffer))
            sink.append(asText(ByteView(buffer).first(n)));
    }

    bool open() const { return client.state() == State::Open && server.state() == State::Open; }

    BufferPool pool;
    Engine client;
    Engine server;
    std::string atClient; // plaintext that arrived there
    std::string atServer;
};

} // namespace sallyport::tls::test
