// A server engine fed with arbitrary bytes, or with a genuine ClientHello that the input damages,
// in pieces that the input chooses too: no crash, no bound passed, and at the end a reason.
#include <sallyport/tls/engine.h>
#include <sallyport/tls/keys.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

using namespace sallyport;
using namespace sallyport::tls;

static std::shared_ptr<const Context> serverContext()
{
    SelfSignedOptions options;
    options.notBefore = std::chrono::system_clock::now() - std::chrono::hours(1);
    ServerConfig config;
    config.keys = makeSelfSigned(options).value();
    config.alpn = {"sallyport/1", "http/1.1"};
    return Context::server(config).value();
}

static void require(bool condition)
{
    if (!condition)
        std::abort();
}

static std::vector<uint8_t> clientHello()
{
    ClientConfig config;
    config.serverName = "relay.example.com";
    config.alpn = {"sallyport/1", "h2"};
    config.trust = PinnedKeys{{SpkiPin{}}};
    BufferPool pool;
    Engine client(Context::client(config).value(), pool);
    const std::string hello = client.output().peekText();
    return {hello.begin(), hello.end()};
}

// Up to 16 edits of three bytes each: where (16 bits) and what to flip. The rest of the input
// follows.
static std::vector<uint8_t> damagedHello(const uint8_t* data, size_t size)
{
    static const std::vector<uint8_t> genuine = clientHello();
    std::vector<uint8_t> bytes = genuine;
    size_t edits = size > 0 ? data[0] % 17 : 0;
    size_t at = 1;
    for (; edits > 0 && at + 3 <= size; --edits, at += 3)
        bytes[(data[at] * 256u + data[at + 1]) % bytes.size()] ^= data[at + 2];
    if (at < size)
        bytes.insert(bytes.end(), data + at, data + size);
    return bytes;
}

static void feed(Engine& engine, const uint8_t* data, size_t size)
{
    std::vector<std::byte> plain(20'000);
    while (size > 0) {
        const size_t n = std::min<size_t>(size, size_t(1) + data[size - 1] * size_t(8));
        // In a block of its own, so that a read past its end or its life is seen.
        const std::vector<uint8_t> chunk(data, data + n);
        engine.receive(std::as_bytes(std::span(chunk)));
        while (engine.read(plain) > 0)
            ;
        const bool failed = engine.state() == State::Failed;
        require(engine.pendingInput() == 0);
        require(failed == (engine.error().code != ErrorCode::None));
        require(failed == !engine.error().message.empty());
        data += n;
        size -= n;
    }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    static const auto context = serverContext();
    BufferPool pool(0);
    Engine engine(context, pool);
    if (size > 0 && data[0] % 2 == 1) {
        const std::vector<uint8_t> bytes = damagedHello(data + 1, size - 1);
        feed(engine, bytes.data(), bytes.size());
    } else {
        feed(engine, data, size);
    }
    engine.receiveEof();
    std::byte rest[16];
    require(engine.read(rest) == 0);
    require(engine.state() == State::Failed || engine.state() == State::PeerClosed);
    require(engine.output().size() < 2 * Engine::HandshakeLimit);
    return 0;
}
