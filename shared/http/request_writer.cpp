#include "write_head.h"

#include <sallyport/http/head_writer.h>

namespace sallyport::http {

bool connectionNames(const MessageHead& head, std::string_view name)
{
    bool found = false;
    for (const Field& field : head.fields) {
        if (field.id == FieldId::Connection && !found)
            forEachListMember(field.value, [&](std::string_view option) {
                found = sameNoCase(option, name);
                return !found;
            });
    }
    return found;
}

// All that is not simply copied.
static constexpr FieldSet
    RequestSpecial(FieldId::Host, FieldId::ContentLength, FieldId::TransferEncoding,
                   FieldId::Connection, FieldId::KeepAlive, FieldId::ProxyConnection, FieldId::Te,
                   FieldId::Upgrade, FieldId::Expect, FieldId::Forwarded, FieldId::XForwardedFor,
                   FieldId::XForwardedProto, FieldId::XForwardedHost, FieldId::XForwardedOther,
                   FieldId::XRequestId, FieldId::Spoof, FieldId::SallyportError, FieldId::Withheld);

template <typename Out>
static bool keepRequestField(Out& out, const RequestHead& head, const RequestForwarding& forwarding,
                             const Field& field)
{
    switch (field.id) {
    case FieldId::Host:
        if (forwarding.host.empty() && head.form != TargetForm::Absolute)
            return true;
        put(out, "Host: ", forwarding.host.empty() ? head.authority : forwarding.host, "\r\n");
        return false;
    case FieldId::ContentLength:
        putLength(out, field.value);
        return false;
    case FieldId::TransferEncoding:
        put(out, "Transfer-Encoding: chunked\r\n");
        return false;
    case FieldId::Upgrade:
        return head.upgrade;
    case FieldId::Expect:
        return head.expectsContinue;
    case FieldId::XForwardedProto:
    case FieldId::XForwardedHost:
    case FieldId::XForwardedOther:
        return forwarding.trustedPeer;
    default:
        return false;
    }
}

template <typename Out>
static void putConnection(Out& out, const RequestHead& head)
{
    if (head.acceptsTrailers)
        put(out, "TE: trailers\r\n");
    if (head.upgrade)
        put(out, head.acceptsTrailers ? "Connection: upgrade, TE\r\n" : "Connection: upgrade\r\n");
    else if (head.acceptsTrailers)
        put(out, "Connection: TE\r\n");
}

// Continues a list that a trusted proxy began.
template <typename Out>
static void putEarlier(Out& out, const RequestHead& head, FieldId id)
{
    if (!head.present.has(id))
        return;
    for (const Field& field : head.fields)
        if (field.id == id && !field.value.empty())
            put(out, field.value, ", ");
}

// RFC 7239 section 4: values that are no token are quoted. Neither addresses nor hosts hold quotes.
template <typename Out>
static void putForwarded(Out& out, const RequestHead& head, const RequestForwarding& forwarding)
{
    put(out, "Forwarded: ");
    if (forwarding.trustedPeer)
        putEarlier(out, head, FieldId::Forwarded);
    if (forwarding.peer.find(':') != std::string_view::npos)
        put(out, "for=\"[", forwarding.peer, "]\"");
    else
        put(out, "for=", forwarding.peer);
    if (isToken(head.authority))
        put(out, ";host=", head.authority);
    else if (!head.authority.empty())
        put(out, ";host=\"", head.authority, "\"");
    put(out, ";proto=", forwarding.scheme, "\r\n");
}

template <typename Out>
static void putForwarding(Out& out, const RequestHead& head, const RequestForwarding& forwarding)
{
    const bool trusted = forwarding.trustedPeer;
    put(out, "X-Forwarded-For: ");
    if (trusted)
        putEarlier(out, head, FieldId::XForwardedFor);
    put(out, forwarding.peer, "\r\n");
    if (!trusted || !head.present.has(FieldId::XForwardedProto))
        put(out, "X-Forwarded-Proto: ", forwarding.scheme, "\r\n");
    if (!head.authority.empty() && (!trusted || !head.present.has(FieldId::XForwardedHost)))
        put(out, "X-Forwarded-Host: ", head.authority, "\r\n");
    putForwarded(out, head, forwarding);
    if (!forwarding.requestId.empty())
        put(out, "X-Request-Id: ", forwarding.requestId, "\r\n");
}

template <typename Out>
static void putRequest(Out& out, const RequestHead& head, const RequestForwarding& forwarding)
{
    assert(head.form != TargetForm::Authority);
    put(out, head.methodName, head.addSlash ? " /" : " ", head.path, " HTTP/1.1\r\n");
    // HTTP/1.0 needs no Host, the HTTP/1.1 sent on does (RFC 9112 section 3.2).
    if (!head.present.has(FieldId::Host))
        put(out, "Host: ", forwarding.host.empty() ? head.authority : forwarding.host, "\r\n");
    putFields(out, head, RequestSpecial,
              [&](const Field& field) { return keepRequestField(out, head, forwarding, field); });
    putConnection(out, head);
    putForwarding(out, head, forwarding);
    put(out, "\r\n");
}

void writeRequestHead(const RequestHead& head, const RequestForwarding& forwarding,
                      std::string& out)
{
    StringSink sink(out);
    putRequest(sink, head, forwarding);
}

void writeRequestHead(const RequestHead& head, const RequestForwarding& forwarding, ByteQueue& out)
{
    QueueSink sink(out);
    putRequest(sink, head, forwarding);
}

std::string_view requestIdFor(const RequestHead& head, bool trustedPeer, std::string_view fresh)
{
    if (!trustedPeer || !head.present.has(FieldId::XRequestId))
        return fresh;
    const std::string_view id = head.value(FieldId::XRequestId);
    const bool sane =
        !id.empty() && id.size() <= 128 && std::all_of(id.begin(), id.end(), [](char c) {
            return Letters.find(c) != Letters.npos || isDigit(c) ||
                   std::string_view("-_.~+/=:@").find(c) != std::string_view::npos;
        });
    return sane ? id : fresh;
}

} // namespace sallyport::http
