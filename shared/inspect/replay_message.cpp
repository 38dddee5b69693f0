#include "replay_message.h"

#include "head_text.h"
#include "text.h"

#include <algorithm>
#include <array>

namespace sallyport::inspect {

namespace {

using Refusal = Failure<std::string>;

bool isToken(std::string_view text)
{
    constexpr std::string_view Others = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [=](char c) {
        return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
               Others.find(c) != std::string_view::npos;
    });
}

bool isValue(std::string_view text)
{
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto u = static_cast<unsigned char>(c);
        return (u < 0x20 && c != '\t') || u == 0x7f;
    });
}

bool isTarget(std::string_view text)
{
    return (text.starts_with('/') || text == "*") &&
           std::all_of(text.begin(), text.end(), [](char c) {
               const auto u = static_cast<unsigned char>(c);
               return u > 0x20 && u != 0x7f;
           });
}

// What belongs to the connection, frames the body, or asks for another protocol.
bool isSetAnew(std::string_view name)
{
    static constexpr std::array Names{"connection",        "keep-alive", "proxy-connection",
                                      "transfer-encoding", "te",         "trailer",
                                      "upgrade",           "expect",     "content-length"};
    return std::any_of(Names.begin(), Names.end(),
                       [name](const char* one) { return equalAnyCase(name, one); });
}

} // namespace

Result<std::string, std::string> replayMessage(const CapturedExchange& original,
                                               const ReplayRequest& request,
                                               const std::string& body)
{
    const Record& record = original.record;
    if (record.kind == RecordKind::Connection)
        return Refusal("only HTTP requests can be sent again");
    if (record.kind == RecordKind::WebSocket)
        return Refusal("a WebSocket can't be sent again");
    if (record.upstream.empty())
        return Refusal("it is not known where this request went");
    if (!request.edited && original.request.kept < record.requestBytes)
        return Refusal("only a part of the request's body was kept; edit it to send it again");
    std::string_view line = startLine(original.requestHead);
    std::string method(line.substr(0, line.find(' ')));
    line.remove_prefix(std::min(line.size(), method.size() + 1));
    std::string target(line.substr(0, line.find(' ')));
    std::vector<HeaderLine> headers = headerLines(original.requestHead, {});
    if (request.edited) {
        method = request.method;
        target = request.target;
        headers = request.headers;
    }
    if (!isToken(method) || method == "CONNECT")
        return Refusal("\"" + method + "\" is not a method that can be sent");
    if (!isTarget(target))
        return Refusal("the path must begin with \"/\" and have no blanks");
    const std::string& content = request.edited ? request.body : body;

    std::string message = method + ' ' + target + " HTTP/1.1\r\n";
    if (headerValue(headers, "host").empty())
        message +=
            "Host: " + (record.host.empty() ? std::string("localhost") : record.host) + "\r\n";
    for (const HeaderLine& header : headers) {
        if (!isToken(header.name) || !isValue(header.value))
            return Refusal("the header \"" + header.name + "\" can't be sent as it is");
        const bool neverWritten = header.secret && header.value.empty();
        const bool emptyHost = equalAnyCase(header.name, "host") && header.value.empty();
        if (!isSetAnew(header.name) && !neverWritten && !emptyHost)
            message += header.name + ": " + header.value + "\r\n";
    }
    if (!content.empty() || method == "POST" || method == "PUT" || method == "PATCH")
        message += "Content-Length: " + std::to_string(content.size()) + "\r\n";
    message += "Connection: close\r\n\r\n";
    return message + content;
}

} // namespace sallyport::inspect
