#include "visitors/answers.h"

#include "visitors/filters/visitor_address.h"

namespace sallyport::relay {

using http::ErrorAnswer;
using http::Side;
using std::chrono::seconds;

ErrorAnswer unknownHost()
{
    return {404, "unknown-host", "No tunnel has this address.", Side::Visitor,
            "Check the address. If it is your own, see whether the agent is running and which "
            "address it shows."};
}

ErrorAnswer agentAway()
{
    return {503,         "agent-away", "The machine that publishes this service is not connected.",
            Side::Agent, {},           seconds(5)};
}

ErrorAnswer tooManyWaiting()
{
    return {503,
            "too-many-waiting",
            "The service's machine just lost its connection, and too many requests wait for it.",
            Side::Agent,
            {},
            seconds(2)};
}

ErrorAnswer connectRefused()
{
    return {405, "connect-refused", "This is no proxy: CONNECT is not served.", Side::Visitor};
}

ErrorAnswer unsupportedProtocol()
{
    return {501, "unsupported-protocol", "A CONNECT can lead to a websocket alone.", Side::Visitor};
}

ErrorAnswer misdirectedRequest()
{
    return {421, "misdirected-request", "This host is not served on this connection.",
            Side::Visitor, "Send the request again on a connection of its own."};
}

ErrorAnswer badUpgrade()
{
    return {502, "upstream-bad-answer", "The service's answer to the upgrade does not fit.",
            Side::Service};
}

ErrorAnswer plaintextLink()
{
    return {403, "plaintext-link", "Agents must come by TLS: the token would travel in clear.",
            Side::Visitor, "Use wss:// or tls://."};
}

ErrorAnswer tooManyHandshakes()
{
    return {503,
            "too-many-handshakes",
            "Too many agents are connecting at once.",
            Side::Relay,
            {},
            seconds(2)};
}

ErrorAnswer headTimedOut()
{
    return {408, "head-timeout", "The request did not arrive in time.", Side::Visitor};
}

ErrorAnswer bodyTimedOut()
{
    return {408, "body-timeout", "The rest of the request did not arrive in time.", Side::Visitor};
}

ErrorAnswer upstreamTimedOut()
{
    return {504, "upstream-timeout", "The service took too long to answer.", Side::Service};
}

ErrorAnswer badHead(http::HeadError error)
{
    const http::HeadErrorInfo info = http::describe(error);
    return {info.status, info.code, info.sentence, Side::Visitor};
}

namespace {

ErrorAnswer unreachable(wire::StreamFailure code)
{
    using enum wire::StreamFailure;
    switch (code) {
    case UpstreamRefused:
        return {502, "upstream-refused", "Nothing listens where the service should be.",
                Side::Service};
    case UpstreamTimeout:
        return {504, "upstream-timeout", "The service could not be reached in time.",
                Side::Service};
    case UpstreamUnresolvable:
        return {502, "upstream-unresolvable", "The service's own host name could not be resolved.",
                Side::Service};
    case UpstreamTls:
        return {502, "upstream-tls", "The service's encryption could not be agreed on.",
                Side::Service};
    case Overloaded:
        return {
            503, "agent-overloaded", "The agent holds as many connections as it may.", Side::Agent,
            {},  seconds(1)};
    case UnknownTunnel:
        return {502, "tunnel-closed", "The tunnel was just closed.", Side::Agent};
    case UpstreamUnreachable:
    case BadHeader:
    case Other:
        break;
    }
    return {502, "upstream-unreachable", "The service could not be reached.", Side::Service};
}

} // namespace

ErrorAnswer answerFor(ExchangeFailure failure, wire::StreamFailure code, http::HeadError headError)
{
    switch (failure) {
    case ExchangeFailure::Unreachable:
        return unreachable(code);
    case ExchangeFailure::BadAnswer:
        return {502, "upstream-bad-answer",
                headError == http::HeadError::None
                    ? std::string_view("The service sent more interim answers than it may.")
                    : std::string_view("The service sent an answer that could be read in more "
                                       "than one way, so it was not passed on."),
                Side::Service};
    case ExchangeFailure::BadBody:
        return {400, "bad-body", "The request's body is framed wrongly.", Side::Visitor};
    case ExchangeFailure::Away:
        return agentAway();
    case ExchangeFailure::Gone:
        break;
    }
    return {502, "upstream-closed", "The service ended the connection without an answer.",
            Side::Service};
}

std::string healthAnswer(const http::RequestHead& head, std::string_view trouble)
{
    const std::string body = trouble.empty() ? "ok\n" : "fail: " + std::string(trouble) + "\n";
    std::string answer =
        trouble.empty() ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 500 Internal Server Error\r\n";
    answer += "Content-Type: text/plain\r\nCache-Control: no-store\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n";
    if (!head.keepAlive || !head.body.empty())
        answer += "Connection: close\r\n";
    else if (head.version == http::Version::Http10)
        answer += "Connection: keep-alive\r\n";
    answer += "\r\n";
    if (head.method != http::Method::Head)
        answer += body;
    return answer;
}

std::string redirectAnswer(const http::RequestHead& head, uint64_t httpsPort, bool close)
{
    const bool simple = head.method == http::Method::Get || head.method == http::Method::Head;
    std::string answer =
        simple ? "HTTP/1.1 301 Moved Permanently\r\n" : "HTTP/1.1 308 Permanent Redirect\r\n";
    answer.append("Location: https://").append(head.host.view());
    if (httpsPort != 443)
        answer.append(":").append(std::to_string(httpsPort));
    answer.append(head.addSlash ? "/" : "").append(head.path);
    answer.append("\r\nContent-Length: 0\r\n");
    if (close)
        answer.append("Connection: close\r\n");
    else if (head.version == http::Version::Http10)
        answer.append("Connection: keep-alive\r\n");
    return answer.append("\r\n");
}

bool isTrusted(const std::vector<config::Network>& networks, const net::Address& peer)
{
    const auto address = ipOf(peer);
    return address && isIn(networks, *address);
}

} // namespace sallyport::relay
