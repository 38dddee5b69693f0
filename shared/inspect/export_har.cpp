// HAR 1.2, as http://www.softwareishard.com/blog/har-12-spec/ describes it. Names with an
// underscore are those that the network panel of Chromium reads beyond it: messages of WebSockets
// and event streams, and why there was no answer.
#include "export.h"
#include "head_text.h"
#include "text.h"

#include <sallyport/inspect/decode.h>

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace sallyport::inspect {

namespace {

QString qt(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

double milliseconds(std::chrono::microseconds time)
{
    return double(time.count()) / 1000.0;
}

QJsonObject pair(std::string_view name, std::string_view value)
{
    return {{"name", qt(name)}, {"value", qt(value)}};
}

QJsonArray headersOf(const std::vector<HeaderLine>& headers)
{
    QJsonArray result;
    for (const HeaderLine& header : headers)
        result.append(pair(header.name, header.value));
    return result;
}

// "a=b; c=d" of a request. Set-Cookie's value without its attributes.
QJsonArray cookiesOf(const std::vector<HeaderLine>& headers, std::string_view name)
{
    QJsonArray result;
    for (const HeaderLine& header : headers) {
        if (!equalAnyCase(header.name, name))
            continue;
        std::string_view rest = header.value;
        while (!rest.empty()) {
            const std::string_view one = trimmed(rest.substr(0, rest.find(';')));
            const size_t equals = std::min(one.find('='), one.size());
            result.append(
                pair(one.substr(0, equals), one.substr(std::min(equals + 1, one.size()))));
            const size_t next = rest.find(';');
            rest = next == std::string_view::npos || name == "set-cookie" ? std::string_view()
                                                                          : rest.substr(next + 1);
        }
    }
    return result;
}

QJsonArray queryOf(const std::string& url)
{
    QJsonArray result;
    const size_t question = url.find('?');
    std::string_view rest = question == std::string::npos
                                ? std::string_view()
                                : std::string_view(url).substr(question + 1);
    while (!rest.empty()) {
        const std::string_view one = rest.substr(0, rest.find('&'));
        const size_t equals = std::min(one.find('='), one.size());
        result.append(pair(percentDecoded(one.substr(0, equals)),
                           percentDecoded(one.substr(std::min(equals + 1, one.size())))));
        rest = one.size() == rest.size() ? std::string_view() : rest.substr(one.size() + 1);
    }
    return result;
}

// Up to and with the empty line before the body.
double sizeOf(std::string_view startLine, const std::vector<HeaderLine>& headers)
{
    if (startLine.empty())
        return -1;
    size_t size = startLine.size() + 4;
    for (const HeaderLine& header : headers)
        size += header.name.size() + header.value.size() + 4;
    return double(size);
}

// "HTTP/1.1" at either end of a start line.
QString versionOf(std::string_view line)
{
    const size_t at = line.find("HTTP/");
    return at == std::string_view::npos ? QStringLiteral("HTTP/1.1") : qt(line.substr(at, 8));
}

QJsonObject requestOf(const ExportItem& item)
{
    const Exchange& exchange = item.exchange;
    std::string url = urlOf(exchange);
    if (exchange.record.kind == RecordKind::WebSocket && url.starts_with("http"))
        url.replace(0, 4, "ws");
    QJsonObject request{
        {"method", qt(exchange.record.method)},
        {"url", qt(url)},
        {"httpVersion", versionOf(exchange.requestLine)},
        {"cookies", cookiesOf(exchange.requestHeaders, "cookie")},
        {"headers", headersOf(exchange.requestHeaders)},
        {"queryString", queryOf(url)},
        {"headersSize", sizeOf(exchange.requestLine, exchange.requestHeaders)},
        {"bodySize", double(exchange.record.requestBytes)},
    };
    if (item.requestBody.empty())
        return request;
    // Without "params", which excludes "text".
    QJsonObject data{{"mimeType", qt(headerValue(exchange.requestHeaders, "content-type"))}};
    if (isUtf8(item.requestBody)) {
        data["text"] = qt(item.requestBody);
    } else {
        data["text"] = qt(base64(item.requestBody));
        data["comment"] = "base64, for the body is no text";
    }
    request["postData"] = data;
    return request;
}

QJsonObject contentOf(const ExportItem& item)
{
    const Exchange& exchange = item.exchange;
    Decoded decoded =
        decodeContent(headerValue(exchange.responseHeaders, "content-encoding"), item.responseBody);
    const std::string& bytes = decoded.bytes;
    QJsonObject content{{"size", double(bytes.size())},
                        {"mimeType", qt(headerValue(exchange.responseHeaders, "content-type"))}};
    if (isUtf8(bytes)) {
        content["text"] = qt(bytes);
    } else {
        content["text"] = qt(base64(bytes));
        content["encoding"] = "base64";
    }
    if (exchange.responseBody.cut())
        content["comment"] = "the body was not kept whole";
    return content;
}

QJsonObject responseOf(const ExportItem& item)
{
    const Exchange& exchange = item.exchange;
    std::string_view reason = exchange.statusLine;
    for (int word = 0; word < 2; ++word)
        reason.remove_prefix(std::min(reason.size(), reason.find(' ') == std::string_view::npos
                                                         ? reason.size()
                                                         : reason.find(' ') + 1));
    QJsonObject response{
        {"status", int(exchange.record.status)},
        {"statusText", qt(reason)},
        {"httpVersion", versionOf(exchange.statusLine)},
        {"cookies", cookiesOf(exchange.responseHeaders, "set-cookie")},
        {"headers", headersOf(exchange.responseHeaders)},
        {"content", contentOf(item)},
        {"redirectURL", qt(headerValue(exchange.responseHeaders, "location"))},
        {"headersSize", sizeOf(exchange.statusLine, exchange.responseHeaders)},
        {"bodySize", double(exchange.record.responseBytes)},
    };
    if (exchange.record.outcome != Outcome::Done && exchange.record.outcome != Outcome::Pending)
        response["_error"] = qt(toText(exchange.record.outcome));
    return response;
}

double secondsOf(std::chrono::system_clock::time_point time)
{
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

// RFC 6455 section 5.2.
int opcodeOf(Message::Kind kind)
{
    switch (kind) {
    case Message::Kind::Binary:
        return 2;
    case Message::Kind::Close:
        return 8;
    case Message::Kind::Ping:
        return 9;
    case Message::Kind::Pong:
        return 10;
    case Message::Kind::Text:
    case Message::Kind::Event:
        break;
    }
    return 1;
}

QJsonArray messagesOf(const Exchange& exchange)
{
    QJsonArray result;
    for (const Message& message : exchange.messages) {
        const double time = secondsOf(exchange.record.begun + message.at);
        if (message.kind == Message::Kind::Event) {
            result.append(
                QJsonObject{{"time", time},
                            {"eventName",
                             message.event.empty() ? QStringLiteral("message") : qt(message.event)},
                            {"eventId", ""},
                            {"data", qt(message.data)}});
            continue;
        }
        const bool isText = message.kind == Message::Kind::Text && isUtf8(message.data);
        result.append(QJsonObject{
            {"type", message.direction == Message::Direction::FromVisitor ? "send" : "receive"},
            {"time", time},
            {"opcode", opcodeOf(message.kind)},
            {"data", qt(isText ? message.data : base64(message.data))}});
    }
    return result;
}

QJsonObject entryOf(const ExportItem& item)
{
    using std::chrono::microseconds;
    const Record& record = item.exchange.record;
    const microseconds sent = record.requestDone.value_or(microseconds(0));
    const microseconds answered = std::max(sent, record.answered.value_or(sent));
    const microseconds ended = std::max(answered, record.ended.value_or(answered));
    const auto begun =
        std::chrono::duration_cast<std::chrono::milliseconds>(record.begun.time_since_epoch());
    QJsonObject entry{
        {"startedDateTime",
         QDateTime::fromMSecsSinceEpoch(begun.count()).toUTC().toString(Qt::ISODateWithMs)},
        {"time", milliseconds(ended)},
        {"request", requestOf(item)},
        {"response", responseOf(item)},
        {"cache", QJsonObject()},
        {"timings", QJsonObject{{"blocked", -1},
                                {"dns", -1},
                                {"connect", -1},
                                {"ssl", -1},
                                {"send", milliseconds(sent)},
                                {"wait", milliseconds(answered - sent)},
                                {"receive", milliseconds(ended - answered)}}},
    };
    if (record.kind == RecordKind::WebSocket) {
        entry["_resourceType"] = "websocket";
        entry["_webSocketMessages"] = messagesOf(item.exchange);
    } else if (record.kind == RecordKind::EventStream) {
        entry["_resourceType"] = "eventsource";
        entry["_eventSourceMessages"] = messagesOf(item.exchange);
    } else if (record.contentType.find("json") != std::string::npos) {
        entry["_resourceType"] = "fetch"; // else a script to the panel
    }
    if (!record.error.empty())
        entry["comment"] = qt(record.error);
    return entry;
}

} // namespace

std::string toHar(const std::vector<ExportItem>& items, const ExportOptions& options)
{
    QJsonArray entries;
    for (const ExportItem& item : items)
        if (!item.exchange.requestLine.empty()) // connections have no place there
            entries.append(entryOf(shown(item, options)));
    const QJsonObject log{
        {"version", "1.2"},
        {"creator", QJsonObject{{"name", "Sallyport"}, {"version", qt(options.version)}}},
        {"pages", QJsonArray()},
        {"entries", entries},
    };
    return QJsonDocument(QJsonObject{{"log", log}}).toJson(QJsonDocument::Indented).toStdString();
}

} // namespace sallyport::inspect
