#include <sallyport/wire/base64.h>
#include <sallyport/wire/sha1.h>
#include <sallyport/wire/websocket_upgrade.h>

#include <optional>
#include <vector>

namespace sallyport::wire {

namespace {

// RFC 6455, section 1.3.
constexpr std::string_view Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr size_t NonceSize = 16;

bool isKey(std::string_view key)
{
    const std::optional<std::string> nonce = fromBase64(key);
    return nonce && nonce->size() == NonceSize;
}

bool asksForUpgrade(const std::vector<HandshakeHeader>& headers)
{
    return hasToken(headers, "Upgrade", "websocket") && hasToken(headers, "Connection", "Upgrade");
}

std::string_view statusLine(UpgradeError error)
{
    switch (error) {
    case UpgradeError::BadPath:
        return "404 Not Found";
    case UpgradeError::BadMethod:
        return "405 Method Not Allowed";
    case UpgradeError::NotUpgrade:
    case UpgradeError::BadVersion:
        return "426 Upgrade Required";
    default:
        return "400 Bad Request";
    }
}

} // namespace

std::string webSocketAccept(std::string_view key)
{
    return toBase64(sha1(asBytes(std::string(key).append(Guid))));
}

std::string webSocketKey(const std::array<std::byte, 16>& nonce)
{
    return toBase64(nonce);
}

std::string webSocketRequest(std::string_view host, std::string_view key)
{
    std::string request = "GET ";
    request.append(AgentPath).append(" HTTP/1.1\r\nHost: ").append(host);
    request.append("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ")
        .append(key);
    request.append("\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ");
    return request.append(AgentSubprotocol).append("\r\n\r\n");
}

Result<void, UpgradeFailure> checkWebSocketResponse(std::string_view text, std::string_view key)
{
    const auto fail = [](UpgradeError error, int status = 0) {
        return Failure(UpgradeFailure{error, status});
    };
    const Result<ResponseHead, HeadError> parsed = parseResponseHead(text);
    if (!parsed)
        return fail(UpgradeError::BadHead);
    const ResponseHead& head = *parsed;
    if (head.status != 101)
        return fail(UpgradeError::BadStatus, head.status);
    if (!asksForUpgrade(head.headers))
        return fail(UpgradeError::NotUpgrade);
    if (onlyHeader(head.headers, "Sec-WebSocket-Accept") != webSocketAccept(key))
        return fail(UpgradeError::BadAccept);
    if (onlyHeader(head.headers, "Sec-WebSocket-Protocol") != AgentSubprotocol)
        return fail(UpgradeError::BadSubprotocol);
    for (const HandshakeHeader& header : head.headers)
        if (equalsIgnoringCase(header.name, "Sec-WebSocket-Extensions"))
            return fail(UpgradeError::BadExtension);
    return {};
}

Result<std::string, UpgradeError> checkWebSocketRequest(std::string_view text)
{
    const Result<RequestHead, HeadError> head = parseRequestHead(text);
    if (!head)
        return Failure(UpgradeError::BadHead);
    return checkWebSocketRequest(*head);
}

Result<std::string, UpgradeError> checkWebSocketRequest(const RequestHead& head)
{
    // Section 4.2.1.
    if (head.target.substr(0, head.target.find('?')) != AgentPath)
        return Failure(UpgradeError::BadPath);
    if (head.method != "GET")
        return Failure(UpgradeError::BadMethod);
    if (!onlyHeader(head.headers, "Host"))
        return Failure(UpgradeError::BadHead);
    if (!asksForUpgrade(head.headers))
        return Failure(UpgradeError::NotUpgrade);
    if (onlyHeader(head.headers, "Sec-WebSocket-Version") != "13")
        return Failure(UpgradeError::BadVersion);
    const std::optional<std::string_view> key = onlyHeader(head.headers, "Sec-WebSocket-Key");
    if (!key || !isKey(*key))
        return Failure(UpgradeError::BadKey);
    if (!hasToken(head.headers, "Sec-WebSocket-Protocol", AgentSubprotocol))
        return Failure(UpgradeError::BadSubprotocol);
    return std::string(*key);
}

std::string webSocketResponse(std::string_view key)
{
    std::string response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                           "Connection: Upgrade\r\nSec-WebSocket-Accept: ";
    response.append(webSocketAccept(key)).append("\r\nSec-WebSocket-Protocol: ");
    return response.append(AgentSubprotocol).append("\r\n\r\n");
}

std::string webSocketRefusal(UpgradeError error)
{
    const std::string body = std::string(describe(error)) + "\n";
    std::string response = "HTTP/1.1 ";
    response.append(statusLine(error)).append("\r\nContent-Type: text/plain; charset=utf-8\r\n");
    if (error == UpgradeError::BadMethod)
        response += "Allow: GET\r\n";
    if (error == UpgradeError::NotUpgrade || error == UpgradeError::BadVersion)
        response += "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
    response += "Content-Length: " + std::to_string(body.size());
    return response.append("\r\nConnection: close\r\n\r\n").append(body);
}

std::string_view describe(UpgradeError error)
{
    switch (error) {
    case UpgradeError::BadHead:
        return "not a well formed HTTP/1.1 head";
    case UpgradeError::BadMethod:
        return "agents connect with GET";
    case UpgradeError::BadPath:
        return "agents connect at another path";
    case UpgradeError::NotUpgrade:
        return "not a WebSocket upgrade";
    case UpgradeError::BadVersion:
        return "another WebSocket version than 13";
    case UpgradeError::BadKey:
        return "Sec-WebSocket-Key is not one";
    case UpgradeError::BadSubprotocol:
        return "the WebSocket subprotocol sallyport.v1 is missing";
    case UpgradeError::BadStatus:
        return "the server did not switch to WebSocket";
    case UpgradeError::BadAccept:
        return "Sec-WebSocket-Accept is wrong";
    case UpgradeError::BadExtension:
        return "the server chose a WebSocket extension that was not offered";
    }
    return {};
}

} // namespace sallyport::wire
