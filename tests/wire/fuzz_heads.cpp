// Arbitrary text as everything that is read once: heads, join lines, names, pins.
#include <sallyport/wire/http_connect.h>
#include <sallyport/wire/join_line.h>
#include <sallyport/wire/names.h>
#include <sallyport/wire/websocket_upgrade.h>

#include <cstdint>
#include <cstdlib>

using namespace sallyport;
using namespace sallyport::wire;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)parseRequestHead(text);
    (void)parseResponseHead(text);
    (void)checkWebSocketRequest(text);
    (void)checkWebSocketResponse(text, "dGhlIHNhbXBsZSBub25jZQ==");
    ConnectResponse response;
    (void)response.feed(asBytes(text));

    const auto line = parseJoinLine(text);
    if (line && !(parseJoinLine(formatJoinLine(line.value())).value() == line.value()))
        std::abort();
    const auto hostname = parseHostname(text);
    if (hostname && parseHostname(hostname.value()).value() != hostname.value())
        std::abort();
    return 0;
}
