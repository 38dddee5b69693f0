// Arbitrary bytes as a chunked body. The outcome must not depend on how they were cut, nothing may
// be decoded that was not passed, and a body that is complete for us must be the same for llhttp.
#include "llhttp_stream.h"

#include <cstdio>
#include <cstdlib>

using namespace sallyport;
using namespace sallyport::http;

static void require(bool holds, const char* what)
{
    if (holds)
        return;
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

namespace {
struct Outcome
{
    size_t used = 0;
    std::string data;
    bool complete = false;
    BodyError error = BodyError::None;
    bool operator==(const Outcome&) const = default;
};
} // namespace

static Outcome readBody(ByteView bytes, size_t piece, const BodyLimits& limits)
{
    BodyReader reader({BodyKind::Chunked, 0}, limits);
    Outcome outcome;
    while (outcome.used < bytes.size() && !reader.complete() && !reader.failed()) {
        const ByteView next =
            bytes.subspan(outcome.used, std::min(piece, bytes.size() - outcome.used));
        const size_t used =
            reader.decode(next, [&](ByteView data) { outcome.data.append(asText(data)); });
        require(used == next.size() || reader.complete() || reader.failed(),
                "stopped without reason");
        outcome.used += used;
    }
    outcome.complete = reader.complete();
    outcome.error = reader.error();
    require(outcome.data.size() <= outcome.used, "decoded more than was passed");
    return outcome;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size < 1)
        return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    BodyLimits limits;
    if (data[0] & 1)
        limits = {8, 16, 24};
    const Outcome whole = readBody(asBytes(text), SIZE_MAX, limits);
    require(readBody(asBytes(text), 1, limits) == whole, "differs byte by byte");
    require(readBody(asBytes(text), size_t(data[0] >> 1) + 1, limits) == whole,
            "differs in pieces");

    const std::string request =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(text);
    const ReadConnection ours = readRequests(request);
    require(differenceToLlhttp(request, ours, readRequestsByLlhttp(request)).empty(),
            "llhttp reads otherwise");
    return 0;
}
