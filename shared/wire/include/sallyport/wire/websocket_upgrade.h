// The opening handshake of a `wss` link (RFC 6455, section 4): GET /.sallyport/agent with the
// subprotocol "sallyport.v1". Texts only; the caller moves them.
#pragma once

#include <sallyport/base/bytes.h>
#include <sallyport/base/result.h>
#include <sallyport/wire/http_head.h>

#include <array>
#include <string>
#include <string_view>

namespace sallyport::wire {

inline constexpr std::string_view AgentPath = "/.sallyport/agent";
inline constexpr std::string_view AgentSubprotocol = "sallyport.v1";

// Sec-WebSocket-Accept for a Sec-WebSocket-Key (section 4.2.2).
std::string webSocketAccept(std::string_view key);

enum class UpgradeError {
    BadHead,        // not a head at all
    BadMethod,      // not GET
    BadPath,        // not AgentPath
    NotUpgrade,     // Upgrade or Connection is missing or says something else
    BadVersion,     // not Sec-WebSocket-Version 13 (answered with 426)
    BadKey,         // the key is missing, repeated or not 16 bytes of base64
    BadSubprotocol, // AgentSubprotocol was not offered (request) or not chosen (answer)
    BadStatus,      // answer: not 101
    BadAccept,      // answer: Sec-WebSocket-Accept does not fit the key
    BadExtension,   // answer: an extension that was not asked for
};
std::string_view describe(UpgradeError error);

// Client.
// `host` as it stands in the URL, with ":port" when it is not 443; `nonce` is 16 random bytes.
std::string webSocketKey(const std::array<std::byte, 16>& nonce);
std::string webSocketRequest(std::string_view host, std::string_view key);
// `head` is a whole head, its empty line included. With BadStatus, `status` says which one it was.
struct UpgradeFailure
{
    UpgradeError error;
    int status = 0;
};
Result<void, UpgradeFailure> checkWebSocketResponse(std::string_view head, std::string_view key);

// Server.
// The key of a valid request. A caller that has parsed the head by itself uses the second form.
Result<std::string, UpgradeError> checkWebSocketRequest(std::string_view head);
Result<std::string, UpgradeError> checkWebSocketRequest(const RequestHead& head);
std::string webSocketResponse(std::string_view key);
// A whole answer (400, 404, 405 or 426) for a request that was not valid.
std::string webSocketRefusal(UpgradeError error);

} // namespace sallyport::wire
