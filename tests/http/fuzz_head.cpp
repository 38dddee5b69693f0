// Arbitrary bytes as a connection from a visitor, and as one from an upstream. Beside sanitizers it
// checks: the outcome does not depend on how the bytes were cut; what we accept, llhttp reads
// alike; and what the writer makes of a request is one request with the same framing, for both.
#include "llhttp_stream.h"

#include <sallyport/http/error_response.h>
#include <sallyport/http/head_writer.h>

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

static void checkWrittenRequest(std::string_view bytes, bool trusted)
{
    RequestReader reader;
    RequestHead head;
    if (reader.read(asBytes(bytes), head) != ReadStatus::Complete || head.method == Method::Connect)
        return;
    (void)errorResponse({404, "x", head.target, Side::Visitor, head.authority},
                        errorOptionsFor(head));
    if (head.authority.empty())
        return;
    std::string out;
    const std::string_view id = requestIdFor(head, trusted, "fresh");
    writeRequestHead(
        head, {.peer = "2001:db8::1", .scheme = "https", .requestId = id, .trustedPeer = trusted},
        out);
    RequestHead again;
    reader.reset();
    require(reader.read(asBytes(out), again) == ReadStatus::Complete, "written request is refused");
    require(again.size == out.size(), "written head ends early");
    require(again.body == head.body, "framing changed");
    require(again.host.view() == head.host.view(), "host changed");
    require(again.upgrade == head.upgrade, "upgrade changed");
    require(again.methodName == head.methodName, "method changed");
    const ReadConnection ours = readRequests(out);
    require(differenceToLlhttp(out, ours, readRequestsByLlhttp(out)).empty(),
            "llhttp reads the output otherwise");
}

static void checkWrittenResponse(std::string_view bytes, const ResponseContext& context,
                                 Version visitor)
{
    ResponseReader reader;
    ResponseHead head;
    if (reader.read(asBytes(bytes), context, head) != ReadStatus::Complete)
        return;
    std::string out;
    const ResponseWritten written = writeResponseHead(head, {visitor, false}, out);
    ResponseHead again;
    reader.reset();
    require(reader.read(asBytes(out), context, again) == ReadStatus::Complete,
            "written response is refused");
    require(again.size == out.size(), "written head ends early");
    require(again.status == head.status, "status changed");
    const BodyFraming expected =
        written.decodeBody ? BodyFraming{BodyKind::UntilClose, 0} : head.body;
    require(again.body == expected, "framing changed");
    require(!again.present.has(FieldId::SallyportError), "forged error passed");
    require(head.interim() || head.upgrade || again.keepAlive == !written.close,
            "close is not announced");
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size < 2)
        return 0;
    const unsigned choice = data[0];
    const std::vector<size_t> pieces{size_t(data[1]) + 1, 1, size_t(data[1] & 7) + 1};
    const std::string_view bytes(reinterpret_cast<const char*>(data + 2), size - 2);
    HeadLimits limits;
    if (choice & 8)
        limits = {200, 40, 8, 5};
    if (choice & 1) {
        const ResponseContext context{choice & 2 ? Method::Head : Method::Get, (choice & 4) != 0};
        const ReadConnection whole = readResponses(bytes, context, {SIZE_MAX}, limits);
        require(readResponses(bytes, context, pieces, limits) == whole,
                "depends on how it was cut");
        require(differenceToLlhttp(bytes, whole, readResponsesByLlhttp(bytes, context)).empty(),
                "llhttp reads otherwise");
        checkWrittenResponse(bytes, context, choice & 16 ? Version::Http10 : Version::Http11);
    } else {
        const ReadConnection whole = readRequests(bytes, {SIZE_MAX}, limits);
        require(readRequests(bytes, pieces, limits) == whole, "depends on how it was cut");
        require(differenceToLlhttp(bytes, whole, readRequestsByLlhttp(bytes)).empty(),
                "llhttp reads otherwise");
        checkWrittenRequest(bytes, (choice & 2) != 0);
    }
    return 0;
}
