// Arbitrary bytes as WebSocket frames, to both roles; and arbitrary payload through encoder and
// decoder.
#include <sallyport/wire/websocket.h>

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace sallyport;
using namespace sallyport::wire;

namespace {

// Everything that comes out as payload; stops at an error.
std::string decode(WebSocketRole role, std::string bytes, size_t step, bool& failed)
{
    WebSocketDecoder decoder(role);
    std::string payload;
    for (size_t at = 0; at < bytes.size() && !failed; at += step) {
        const size_t n = bytes.size() - at < step ? bytes.size() - at : step;
        MutableByteView input(reinterpret_cast<std::byte*>(bytes.data()) + at, n);
        for (;;) {
            auto event = decoder.next(input);
            failed = !event;
            if (failed || std::holds_alternative<WebSocketDecoder::NeedMore>(*event))
                break;
            if (const auto* data = std::get_if<WebSocketDecoder::Data>(&*event))
                payload += asText(data->payload);
        }
    }
    return payload;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size == 0)
        return 0;
    const size_t step = data[0] + 1u;
    const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    for (const WebSocketRole role : {WebSocketRole::Client, WebSocketRole::Server}) {
        bool failedInSteps = false, failedAtOnce = false;
        const std::string inSteps = decode(role, bytes, step, failedInSteps);
        const std::string atOnce = decode(role, bytes, bytes.size() + 1, failedAtOnce);
        if (failedInSteps != failedAtOnce || inSteps != atOnce)
            std::abort();

        BufferPool pool;
        ByteQueue out(pool);
        WebSocketEncoder(role, size).encode(asBytes(bytes), out);
        const WebSocketRole other =
            role == WebSocketRole::Client ? WebSocketRole::Server : WebSocketRole::Client;
        bool failed = false;
        if (decode(other, out.peekText(), step, failed) != bytes || failed)
            std::abort();
    }
    return 0;
}
