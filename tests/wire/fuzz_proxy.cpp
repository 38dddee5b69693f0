// Arbitrary bytes as a PROXY header, whole and byte by byte: both must say the same.
#include <sallyport/wire/proxy_header.h>

#include <cstdint>
#include <cstdlib>

using namespace sallyport;
using namespace sallyport::wire;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const ByteView bytes(reinterpret_cast<const std::byte*>(data), size);
    const auto whole = parseProxyHeader(bytes);
    ProxyHeaderReader reader;
    bool failed = false;
    for (size_t i = 0; i < size && !reader.done() && !failed; ++i)
        failed = !reader.feed(bytes.subspan(i, 1));
    if (!whole) {
        if (!failed)
            std::abort();
        return 0;
    }
    const ParsedProxyHeader& parsed = *whole;
    if (failed || reader.done() != (parsed.size != 0))
        std::abort();
    if (reader.done() &&
        (!(reader.header() == parsed.header) || reader.raw().size() != parsed.size))
        std::abort();
    return 0;
}
