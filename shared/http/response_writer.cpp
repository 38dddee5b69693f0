#include "write_head.h"

#include <sallyport/http/head_writer.h>

namespace sallyport::http {

static constexpr FieldSet ResponseSpecial(FieldId::ContentLength, FieldId::TransferEncoding,
                                          FieldId::Connection, FieldId::KeepAlive,
                                          FieldId::ProxyConnection, FieldId::Te, FieldId::Trailer,
                                          FieldId::Upgrade, FieldId::SallyportError);

namespace {
struct Plan
{
    bool http10 = false;
    // 1xx and 204 must not have framing fields (RFC 9112 sections 6.1 and 6.2).
    bool dropFraming = false;
    // 426 must say what to upgrade to (RFC 9110 section 15.5.22); elsewhere it is between upstream
    // and us.
    bool keepUpgrade = false;
};
} // namespace

template <typename Out>
static bool keepResponseField(Out& out, const Plan& plan, const Field& field)
{
    switch (field.id) {
    case FieldId::ContentLength:
        if (!plan.dropFraming)
            putLength(out, field.value);
        return false;
    case FieldId::TransferEncoding:
        if (!plan.dropFraming && !plan.http10)
            put(out, "Transfer-Encoding: chunked\r\n");
        return false;
    case FieldId::Trailer:
        return !plan.http10;
    case FieldId::Upgrade:
        return plan.keepUpgrade;
    default:
        return false;
    }
}

template <typename Out>
static void putStatusLine(Out& out, const ResponseHead& head)
{
    const char code[] = {static_cast<char>('0' + head.status / 100),
                         static_cast<char>('0' + head.status / 10 % 10),
                         static_cast<char>('0' + head.status % 10)};
    put(out, "HTTP/1.1 ", std::string_view(code, 3), " ", head.reason, "\r\n");
}

template <typename Out>
static void putConnection(Out& out, const Plan& plan, bool close)
{
    if (plan.keepUpgrade)
        put(out, close ? "Connection: upgrade, close\r\n" : "Connection: upgrade\r\n");
    else if (close)
        put(out, "Connection: close\r\n");
    else if (plan.http10)
        put(out, "Connection: keep-alive\r\n");
}

template <typename Out>
static ResponseWritten putResponse(Out& out, const ResponseHead& head,
                                   const ResponseForwarding& forwarding)
{
    Plan plan;
    plan.http10 = forwarding.visitorVersion == Version::Http10;
    plan.dropFraming = head.status < 200 || head.status == 204;
    plan.keepUpgrade = (head.upgrade || head.status == 426) && head.present.has(FieldId::Upgrade);
    ResponseWritten written;
    written.decodeBody = plan.http10 && head.body.kind == BodyKind::Chunked;
    written.close =
        !head.interim() && !head.upgrade &&
        (forwarding.close || written.decodeBody || head.body.kind == BodyKind::UntilClose);

    putStatusLine(out, head);
    putFields(out, head, ResponseSpecial,
              [&](const Field& field) { return keepResponseField(out, plan, field); });
    if (!head.interim() && !forwarding.strictTransport.empty() &&
        head.value("Strict-Transport-Security").empty())
        put(out, "Strict-Transport-Security: ", forwarding.strictTransport, "\r\n");
    if (!head.interim())
        putConnection(out, plan, written.close);
    put(out, "\r\n");
    return written;
}

ResponseWritten writeResponseHead(const ResponseHead& head, const ResponseForwarding& forwarding,
                                  std::string& out)
{
    StringSink sink(out);
    return putResponse(sink, head, forwarding);
}

ResponseWritten writeResponseHead(const ResponseHead& head, const ResponseForwarding& forwarding,
                                  ByteQueue& out)
{
    QueueSink sink(out);
    return putResponse(sink, head, forwarding);
}

} // namespace sallyport::http
