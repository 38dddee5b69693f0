// A server engine fed with arbitrary bytes, in pieces that the input chooses too: no crash, no
// bound passed, and always either hungry, open or failed with a reason.
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

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    static const auto context = serverContext();
    BufferPool pool(0);
    Engine engine(context, pool);
    std::vector<std::byte> plain(20'000);
    while (size > 1) {
        const size_t n = std::min<size_t>(size - 1, size_t(1) + data[0] * size_t(8));
        // In a block of its own, so that a read past its end or its life is seen.
        const std::vector<uint8_t> chunk(data + 1, data + 1 + n);
        engine.receive(std::as_bytes(std::span(chunk)));
        while (engine.read(plain) > 0)
            ;
        require(engine.pendingInput() == 0);
        require((engine.state() == State::Failed) == (engine.error().code != ErrorCode::None));
        require((engine.state() == State::Failed) == !engine.error().message.empty());
        data += n + 1;
        size -= n + 1;
    }
    engine.receiveEof();
    require(engine.read(plain) == 0);
    require(engine.state() == State::Failed || engine.state() == State::PeerClosed);
    require(engine.output().size() < 2 * Engine::HandshakeLimit);
    return 0;
}
