// control_json.h: what passed through tunnels.
#include "control_json.h"

#include <algorithm>
#include <chrono>

namespace sallyport::control::json {

using inspect::Exchange;
using inspect::HeaderLine;
using inspect::Message;
using inspect::Record;
using std::chrono::microseconds;
using std::chrono::system_clock;

namespace {

void put(QJsonObject& object, const char* key, const std::string& value)
{
    if (!value.empty())
        object[QLatin1String(key)] = text(value);
}

void put(QJsonObject& object, const char* key, const std::optional<microseconds>& value)
{
    if (value)
        object[QLatin1String(key)] = qint64(value->count());
}

std::optional<microseconds> time(const QJsonObject& object, const char* key)
{
    const QJsonValue value = object[QLatin1String(key)];
    return value.isUndefined() ? std::nullopt : std::optional(microseconds(value.toInteger()));
}

template <typename Enum>
Enum toEnum(const QJsonValue& value, Enum last)
{
    const int number = value.toInt();
    return number >= 0 && number <= int(last) ? Enum(number) : Enum(0);
}

// Values may be any bytes.
QJsonArray fromHeaders(const std::vector<HeaderLine>& headers)
{
    QJsonArray array;
    for (const HeaderLine& header : headers)
        array.append(QJsonArray{base64(header.name), base64(header.value), header.secret});
    return array;
}

std::vector<HeaderLine> toHeaders(const QJsonValue& value)
{
    std::vector<HeaderLine> headers;
    for (const QJsonValue& one : value.toArray()) {
        const QJsonArray parts = one.toArray();
        headers.push_back({fromBase64(parts[0]), fromBase64(parts[1]), parts[2].toBool()});
    }
    return headers;
}

QJsonArray fromBody(const inspect::BodyInfo& body)
{
    return {number(body.size), number(body.kept)};
}

inspect::BodyInfo toBody(const QJsonValue& value)
{
    const QJsonArray parts = value.toArray();
    return {toNumber(parts[0]), toNumber(parts[1])};
}

QJsonObject fromMessage(const Message& message)
{
    QJsonObject object{{"at", qint64(message.at.count())},
                       {"to_visitor", message.direction == Message::Direction::ToVisitor},
                       {"kind", int(message.kind)},
                       {"data", base64(message.data)},
                       {"size", number(message.size)}};
    put(object, "event", message.event);
    return object;
}

Message toMessage(const QJsonObject& object)
{
    Message message;
    message.at = microseconds(object["at"].toInteger());
    message.direction = object["to_visitor"].toBool() ? Message::Direction::ToVisitor
                                                      : Message::Direction::FromVisitor;
    message.kind = toEnum(object["kind"], Message::Kind::Event);
    message.data = fromBase64(object["data"]);
    message.size = toNumber(object["size"]);
    message.event = toStd(object["event"]);
    return message;
}

} // namespace

QJsonObject fromRecord(const Record& record)
{
    QJsonObject object{
        {"id", number(record.id)},
        {"kind", int(record.kind)},
        {"outcome", int(record.outcome)},
        {"tls", record.tls},
        {"status", int(record.status)},
        {"begun",
         number(uint64_t(
             std::chrono::duration_cast<microseconds>(record.begun.time_since_epoch()).count()))},
        {"in", number(record.requestBytes)},
        {"out", number(record.responseBytes)},
        {"messages", qint64(record.messages)}};
    put(object, "error", record.error);
    put(object, "tunnel", record.tunnel);
    put(object, "upstream", record.upstream);
    put(object, "visitor", record.visitor);
    put(object, "host", record.host);
    put(object, "method", record.method);
    put(object, "path", record.path);
    put(object, "type", record.contentType);
    put(object, "request_done", record.requestDone);
    put(object, "answered", record.answered);
    put(object, "ended", record.ended);
    if (record.replayOf != 0)
        object["replay_of"] = number(record.replayOf);
    if (record.edited)
        object["edited"] = true;
    return object;
}

Record toRecord(const QJsonObject& object)
{
    Record record;
    record.id = toNumber(object["id"]);
    record.kind = toEnum(object["kind"], inspect::RecordKind::Connection);
    record.outcome = toEnum(object["outcome"], inspect::Outcome::Interrupted);
    record.error = toStd(object["error"]);
    record.tunnel = toStd(object["tunnel"]);
    record.upstream = toStd(object["upstream"]);
    record.visitor = toStd(object["visitor"]);
    record.host = toStd(object["host"]);
    record.tls = object["tls"].toBool();
    record.method = toStd(object["method"]);
    record.path = toStd(object["path"]);
    record.status = unsigned(object["status"].toInt());
    record.contentType = toStd(object["type"]);
    record.begun = system_clock::time_point(microseconds(toNumber(object["begun"])));
    record.requestDone = time(object, "request_done");
    record.answered = time(object, "answered");
    record.ended = time(object, "ended");
    record.requestBytes = toNumber(object["in"]);
    record.responseBytes = toNumber(object["out"]);
    record.messages = uint32_t(object["messages"].toInteger());
    record.replayOf = toNumber(object["replay_of"]);
    record.edited = object["edited"].toBool();
    return record;
}

QJsonArray fromRecords(const std::vector<Record>& records)
{
    QJsonArray array;
    for (const Record& record : records)
        array.append(fromRecord(record));
    return array;
}

std::vector<Record> toRecords(const QJsonArray& array)
{
    std::vector<Record> records;
    for (const QJsonValue& value : array)
        records.push_back(toRecord(value.toObject()));
    return records;
}

QJsonObject fromExchange(const Exchange& exchange)
{
    QJsonArray messages;
    for (const Message& message : exchange.messages)
        messages.append(fromMessage(message));
    return {{"record", fromRecord(exchange.record)},
            {"request_line", base64(exchange.requestLine)},
            {"status_line", base64(exchange.statusLine)},
            {"request_headers", fromHeaders(exchange.requestHeaders)},
            {"response_headers", fromHeaders(exchange.responseHeaders)},
            {"response_trailers", fromHeaders(exchange.responseTrailers)},
            {"request_body", fromBody(exchange.requestBody)},
            {"response_body", fromBody(exchange.responseBody)},
            {"messages", messages}};
}

Exchange toExchange(const QJsonObject& object)
{
    Exchange exchange;
    exchange.record = toRecord(object["record"].toObject());
    exchange.requestLine = fromBase64(object["request_line"]);
    exchange.statusLine = fromBase64(object["status_line"]);
    exchange.requestHeaders = toHeaders(object["request_headers"]);
    exchange.responseHeaders = toHeaders(object["response_headers"]);
    exchange.responseTrailers = toHeaders(object["response_trailers"]);
    exchange.requestBody = toBody(object["request_body"]);
    exchange.responseBody = toBody(object["response_body"]);
    for (const QJsonValue& message : object["messages"].toArray())
        exchange.messages.push_back(toMessage(message.toObject()));
    return exchange;
}

QJsonObject fromQuery(const inspect::Query& query)
{
    const inspect::Filter& filter = query.filter;
    QJsonObject object{{"before", number(query.before)},
                       {"limit", qint64(query.limit)},
                       {"status_min", int(filter.statusMin)},
                       {"status_max", int(filter.statusMax)},
                       {"failed_only", filter.failedOnly},
                       {"min_duration", qint64(filter.minDuration.count())}};
    put(object, "tunnel", filter.tunnel);
    put(object, "method", filter.method);
    put(object, "path", filter.path);
    put(object, "text", filter.text);
    return object;
}

inspect::Query toQuery(const QJsonObject& object)
{
    inspect::Query query;
    query.before = toNumber(object["before"]);
    query.limit = uint32_t(object["limit"].toInteger(500));
    query.filter.tunnel = toStd(object["tunnel"]);
    query.filter.method = toStd(object["method"]);
    query.filter.path = toStd(object["path"]);
    query.filter.text = toStd(object["text"]);
    query.filter.statusMin = unsigned(std::max(0, object["status_min"].toInt()));
    query.filter.statusMax = unsigned(std::max(0, object["status_max"].toInt()));
    query.filter.failedOnly = object["failed_only"].toBool();
    query.filter.minDuration = microseconds(object["min_duration"].toInteger());
    return query;
}

namespace {

constexpr qsizetype MaxNames = 256;
constexpr size_t MaxName = 256;

QJsonArray fromNames(const std::vector<std::string>& names)
{
    QJsonArray array;
    for (const std::string& name : names)
        array.append(text(name));
    return array;
}

Result<void, std::string> readNames(const QJsonValue& value, std::vector<std::string>& names)
{
    if (!value.isArray())
        return {};
    const QJsonArray array = value.toArray();
    if (array.size() > MaxNames)
        return Failure("at most " + std::to_string(MaxNames) + " secret names are taken");
    names.clear();
    for (const QJsonValue& item : array) {
        names.push_back(toStd(item));
        if (names.back().empty() || names.back().size() > MaxName)
            return Failure("a secret name has 1 to " + std::to_string(MaxName) + " bytes");
    }
    return {};
}

} // namespace

QJsonObject fromCapture(const inspect::CaptureSettings& settings)
{
    return {{"on", settings.on},
            {"body_budget", number(settings.bodyBudget)},
            {"body_limit", number(settings.bodyLimit)},
            {"rows", qint64(settings.rows)},
            {"redact_always", settings.redaction.always},
            {"secret_headers", fromNames(settings.redaction.headers)},
            {"secret_fields", fromNames(settings.redaction.fields)}};
}

Result<inspect::CaptureSettings, std::string> toCapture(const QJsonObject& object)
{
    constexpr uint64_t MaxBudget = 64ull << 30;
    constexpr int64_t MaxRows = 1'000'000;
    inspect::CaptureSettings settings;
    settings.on = object["on"].toBool(settings.on);
    if (object.contains("body_budget"))
        settings.bodyBudget = toNumber(object["body_budget"]);
    if (object.contains("body_limit"))
        settings.bodyLimit = toNumber(object["body_limit"]);
    const qint64 rows = object["rows"].toInteger(settings.rows);
    if (settings.bodyBudget > MaxBudget || settings.bodyLimit > settings.bodyBudget)
        return Failure(std::string("a body is kept within the budget, and that within 64 GiB"));
    if (rows < 1 || rows > MaxRows)
        return Failure(std::string("between 1 and 1,000,000 requests are kept"));
    settings.rows = uint32_t(rows);
    settings.redaction.always = object["redact_always"].toBool();
    if (const auto read = readNames(object["secret_headers"], settings.redaction.headers); !read)
        return Failure(read.error());
    if (const auto read = readNames(object["secret_fields"], settings.redaction.fields); !read)
        return Failure(read.error());
    return settings;
}

// Empty: none.
QJsonObject fromStorage(const inspect::StorageProblem& problem)
{
    using enum inspect::StorageProblem::Kind;
    if (problem.kind == None)
        return {};
    return {{"kind", problem.kind == Full ? "full" : "not_writable"},
            {"folder", text(problem.folder)},
            {"why", text(problem.why)}};
}

inspect::StorageProblem toStorage(const QJsonObject& object)
{
    using enum inspect::StorageProblem::Kind;
    if (object.isEmpty())
        return {};
    return {object["kind"].toString() == "full" ? Full : NotWritable, toStd(object["folder"]),
            toStd(object["why"])};
}

QJsonObject fromReplay(const inspect::ReplayRequest& request)
{
    return {{"original", number(request.original)},    {"edited", request.edited},
            {"method", text(request.method)},          {"target", base64(request.target)},
            {"headers", fromHeaders(request.headers)}, {"body", base64(request.body)}};
}

inspect::ReplayRequest toReplay(const QJsonObject& object)
{
    inspect::ReplayRequest request;
    request.original = toNumber(object["original"]);
    request.edited = object["edited"].toBool();
    request.method = toStd(object["method"]);
    request.target = fromBase64(object["target"]);
    request.headers = toHeaders(object["headers"]);
    request.body = fromBase64(object["body"]);
    return request;
}

} // namespace sallyport::control::json
