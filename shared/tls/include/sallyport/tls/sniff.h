// What a connection's first bytes look like, for listeners that take several protocols on one port.
#pragma once

#include <sallyport/base/bytes.h>

#include <cstdint>

namespace sallyport::tls {

enum class Sniff : uint8_t {
    NeedMore, // too few bytes to tell
    Tls,      // a TLS handshake record (RFC 8446 section 5.1)
    Http,     // an HTTP/1 request line or status line, or the HTTP/2 preface
    Other,
};

// Decides on at most the first eight bytes, usually on the first two. Http means "looks like":
// upper-case letters of a method and a space, or "HTTP/"; the HTTP reader has the last word.
Sniff sniff(ByteView firstBytes);

} // namespace sallyport::tls
