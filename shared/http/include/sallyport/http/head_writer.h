// Writes the heads that a proxy sends on: the request to the upstream, the response to the visitor.
//
// Field lines travel on as they came, in their order; what belongs to one connection alone does not
// (RFC 9110 section 7.6.1), and what frames the body is written anew from what was understood, so
// that the next reader can't understand it otherwise. Connection may name any field for removal
// except those that FieldId knows: nobody strips framing, routing or forwarding fields by naming
// them.
//
// Output is appended.
#pragma once

#include <sallyport/base/byte_queue.h>
#include <sallyport/http/message.h>

#include <string>
#include <string_view>

namespace sallyport::http {

// What the upstream is told about the visitor.
struct RequestForwarding
{
    // The peer's address as text, without port and brackets: "203.0.113.7", "2001:db8::1".
    std::string_view peer = {};
    // How the visitor came: "http" or "https".
    std::string_view scheme = "http";
    // What the upstream sees as Host instead of what the visitor asked for (which stands in
    // X-Forwarded-Host). Empty: the visitor's.
    std::string_view host = {};
    // Sent as X-Request-Id; see requestIdFor().
    std::string_view requestId = {};
    // The peer is a configured proxy: its X-Forwarded-For and Forwarded are continued, its
    // X-Forwarded-Proto, -Host and further ones kept. Otherwise they are dropped.
    bool trustedPeer = false;
};

// Always HTTP/1.1, in origin-form (or `*`), with
// - Host: from the absolute-form target when there is one, else as sent;
// - Content-Length or Transfer-Encoding: chunked as head.body says;
// - Upgrade and Connection: upgrade when head.upgrade, TE and Connection: TE when
// head.acceptsTrailers;
// - X-Forwarded-For, -Proto, -Host, Forwarded (RFC 7239), X-Request-Id.
// `head` must not be a CONNECT.
void writeRequestHead(const RequestHead& head, const RequestForwarding& forwarding,
                      std::string& out);
void writeRequestHead(const RequestHead& head, const RequestForwarding& forwarding, ByteQueue& out);

// The id under which a request is logged and forwarded: the one that a trusted proxy gave it, when
// it is 1 to 128 characters of letters, digits and "-_.~+/=:@", else `fresh`.
std::string_view requestIdFor(const RequestHead& head, bool trustedPeer, std::string_view fresh);

struct ResponseForwarding
{
    // The visitor's version, from its request.
    Version visitorVersion = Version::Http11;
    // The connection to the visitor shall end after this response.
    bool close = false;
    // The value of Strict-Transport-Security, unless the upstream has one of its own. Empty: none.
    std::string_view strictTransport = {};
};

// What the writer settled with the visitor.
struct ResponseWritten
{
    // The upstream's chunked body must reach the visitor as plain data (BodyReader::decode).
    bool decodeBody = false;
    // Close after the body: asked for, or the only way to show where it ends.
    bool close = false;
};

// Always HTTP/1.1 in the status line (RFC 9110 section 2.5), Sallyport-Error removed, Connection:
// close or (HTTP/1.0) keep-alive as needed, 101 with its Upgrade. An HTTP/1.0 visitor must not be
// sent interim responses at all.
ResponseWritten writeResponseHead(const ResponseHead& head, const ResponseForwarding& forwarding,
                                  std::string& out);
ResponseWritten writeResponseHead(const ResponseHead& head, const ResponseForwarding& forwarding,
                                  ByteQueue& out);

} // namespace sallyport::http
