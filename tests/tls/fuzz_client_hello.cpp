// Arbitrary bytes as a ClientHello: no crash, decisions that more bytes never change and that come
// within the limit, and names that are host names.
#include <sallyport/tls/client_hello.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

using namespace sallyport;
using namespace sallyport::tls;

static void require(bool condition)
{
    if (!condition)
        std::abort();
}

static void checkFindings(const ClientHelloReader& reader)
{
    const std::string_view name = reader.serverName();
    require(name.size() <= 253);
    for (const char c : name)
        require((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                c == '.');
    require(!name.starts_with('.') && !name.ends_with('.'));
    reader.forEachProtocol([](std::string_view protocol) { require(!protocol.empty()); });
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    constexpr size_t Limit = 4096;
    ClientHelloReader reader(Limit);
    HelloStatus before = HelloStatus::NeedMore;
    // All lengths for small inputs, some for large ones.
    const size_t step = 1 + size / 512;
    for (size_t n = 0;; n = std::min(size, n + step)) {
        // In a block of its own, so that a read past its end is seen.
        const std::vector<uint8_t> prefix(data, data + n);
        const HelloStatus status = reader.read(std::as_bytes(std::span(prefix)));
        require(before == HelloStatus::NeedMore || status == before);
        require(status != HelloStatus::NeedMore || n < Limit);
        require(status == HelloStatus::Malformed || status == HelloStatus::NotTls ||
                status == HelloStatus::NeedMore || status == HelloStatus::Complete);
        checkFindings(reader);
        before = status;
        if (n == size)
            return 0;
    }
}
