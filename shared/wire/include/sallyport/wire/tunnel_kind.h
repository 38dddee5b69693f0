// What a tunnel carries, and the words for it (docs/protocol.md, "tunnel.open").
#pragma once

#include <optional>
#include <string_view>

namespace sallyport::wire {

enum class TunnelKind {
    Http,
    Tcp,
    Tls,
    Udp, // reserved
};
std::string_view kindText(TunnelKind kind); // "http"
std::optional<TunnelKind> kindFromText(std::string_view text);

// What the upstream of an http tunnel speaks: HTTP/1.1, or HTTP/2 without TLS.
enum class UpstreamProtocol { Http1, H2c };

} // namespace sallyport::wire
