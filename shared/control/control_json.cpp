#include "control_json.h"

#include "tunnel_yaml.h"

#include <array>
#include <chrono>

namespace sallyport::control::json {

using config::Node;
using std::chrono::microseconds;
using std::chrono::system_clock;

namespace {

double toMs(system_clock::time_point time)
{
    return std::chrono::duration<double, std::milli>(time.time_since_epoch()).count();
}

system_clock::time_point timeFrom(const QJsonValue& value)
{
    return system_clock::time_point(std::chrono::duration_cast<system_clock::duration>(
        std::chrono::duration<double, std::milli>(value.toDouble())));
}

QJsonValue fromNode(const Node& node)
{
    switch (node.kind) {
    case Node::Kind::Null:
        break;
    case Node::Kind::Scalar:
        return text(node.text);
    case Node::Kind::List: {
        QJsonArray array;
        for (const Node& item : node.items)
            array.append(fromNode(item));
        return array;
    }
    case Node::Kind::Map: {
        QJsonObject object;
        for (const config::NodeEntry& entry : node.entries)
            object[text(entry.key)] = fromNode(entry.value);
        return object;
    }
    }
    return QJsonValue::Null;
}

// As deep as a tunnel is; what is deeper is cut and refused later.
Node toNode(const QJsonValue& value, int depth = 0)
{
    Node node;
    if (value.isString()) {
        node.kind = Node::Kind::Scalar;
        node.text = toStd(value);
    } else if (value.isArray() && depth < 8) {
        node.kind = Node::Kind::List;
        for (const QJsonValue& item : value.toArray())
            node.items.push_back(toNode(item, depth + 1));
    } else if (value.isObject() && depth < 8) {
        node.kind = Node::Kind::Map;
        const QJsonObject object = value.toObject();
        for (auto it = object.begin(); it != object.end(); ++it)
            node.entries.push_back({it.key().toStdString(), 0, toNode(it.value(), depth + 1)});
    }
    return node;
}

void put(QJsonObject& object, const char* key, const std::string& value)
{
    if (!value.empty())
        object[QLatin1String(key)] = text(value);
}

template <typename Enum>
Enum toEnum(const QJsonValue& value, Enum last)
{
    const int number = value.toInt();
    return number >= 0 && number <= int(last) ? Enum(number) : Enum(0);
}

std::string wordOf(agent::ProblemCode code)
{
    return std::string(code == agent::ProblemCode::Other ? std::string_view() : toText(code));
}

QJsonArray fromTexts(const std::vector<std::string>& texts)
{
    QJsonArray array;
    for (const std::string& one : texts)
        array.append(text(one));
    return array;
}

std::vector<std::string> toTexts(const QJsonValue& value)
{
    std::vector<std::string> texts;
    for (const QJsonValue& one : value.toArray())
        texts.push_back(toStd(one));
    return texts;
}

QJsonObject fromView(const TunnelView& view)
{
    const agent::TunnelStatus& status = view.status;
    QJsonObject object{{"ref", text(status.ref)},    {"config", fromTunnel(status.config)},
                       {"state", int(status.state)}, {"urls", fromTexts(status.urls)},
                       {"paused", view.paused},      {"final", status.refusalIsFinal}};
    put(object, "code", status.refusalCode);
    put(object, "refusal", status.refusalText);
    put(object, "upstream_problem", status.upstreamProblem);
    put(object, "upstream_code", wordOf(status.upstreamCode));
    put(object, "certificate_problem", status.certificateProblem);
    put(object, "certificate_code", wordOf(status.certificateCode));
    const agent::TunnelCounters& counters = status.counters;
    object["counters"] =
        QJsonArray{number(counters.open), number(counters.total), number(counters.bytesIn),
                   number(counters.bytesOut), number(counters.upstreamErrors)};
    return object;
}

TunnelView toView(const QJsonObject& object)
{
    TunnelView view;
    agent::TunnelStatus& status = view.status;
    status.ref = toStd(object["ref"]);
    status.config = toTunnel(object["config"].toObject()).value_or(config::TunnelConfig());
    status.state = toEnum(object["state"], agent::TunnelState::Refused);
    status.urls = toTexts(object["urls"]);
    view.paused = object["paused"].toBool();
    status.refusalIsFinal = object["final"].toBool();
    status.refusalCode = toStd(object["code"]);
    status.refusalText = toStd(object["refusal"]);
    status.upstreamProblem = toStd(object["upstream_problem"]);
    status.upstreamCode = agent::problemCodeFromText(toStd(object["upstream_code"]));
    status.certificateProblem = toStd(object["certificate_problem"]);
    status.certificateCode = agent::problemCodeFromText(toStd(object["certificate_code"]));
    const QJsonArray counters = object["counters"].toArray();
    status.counters = {toNumber(counters[0]), toNumber(counters[1]), toNumber(counters[2]),
                       toNumber(counters[3]), toNumber(counters[4])};
    return view;
}

} // namespace

QString text(std::string_view value)
{
    return QString::fromUtf8(value.data(), qsizetype(value.size()));
}

std::string toStd(const QJsonValue& value)
{
    return value.toString().toStdString();
}

void addProblem(QJsonObject& object, const char* key, const agent::Problem& problem)
{
    object[QLatin1String(key)] = text(problem.text);
    put(object, "code", wordOf(problem.code));
}

agent::Problem toProblem(const QJsonValue& sentence, const QJsonValue& code)
{
    return {agent::problemCodeFromText(toStd(code)), toStd(sentence)};
}

QString number(uint64_t value)
{
    return QString::number(value);
}

uint64_t toNumber(const QJsonValue& value)
{
    return value.isString() ? value.toString().toULongLong() : uint64_t(value.toInteger());
}

QString base64(std::string_view bytes)
{
    return QString::fromLatin1(
        QByteArray::fromRawData(bytes.data(), qsizetype(bytes.size())).toBase64());
}

std::string fromBase64(const QJsonValue& value)
{
    return QByteArray::fromBase64(value.toString().toLatin1()).toStdString();
}

QJsonObject fromTunnel(const config::TunnelConfig& tunnel)
{
    return fromNode(tunnelToNode(tunnel)).toObject();
}

std::optional<config::TunnelConfig> toTunnel(const QJsonObject& object)
{
    return tunnelFromNode(toNode(object));
}

QJsonObject fromSnapshot(const Snapshot& snapshot)
{
    QJsonObject object{{"state", int(snapshot.state)},
                       {"on", snapshot.switchedOn},
                       {"failed_tries", double(snapshot.failedTries)}};
    put(object, "relay", snapshot.relay);
    put(object, "transport", snapshot.transport);
    put(object, "problem", snapshot.problem.text);
    put(object, "problem_code", wordOf(snapshot.problem.code));
    put(object, "config_problem", snapshot.configProblem);
    if (snapshot.roundTrip)
        object["round_trip_us"] =
            qint64(std::chrono::duration_cast<microseconds>(*snapshot.roundTrip).count());
    if (snapshot.nextTry)
        object["next_try"] = toMs(*snapshot.nextTry);
    if (snapshot.failure)
        object["failure"] = QJsonObject{{"kind", int(snapshot.failure->kind)},
                                        {"code", text(snapshot.failure->code)},
                                        {"problem", text(toText(snapshot.failure->problem))},
                                        {"text", text(snapshot.failure->text)}};
    QJsonArray tunnels;
    for (const TunnelView& view : snapshot.tunnels)
        tunnels.append(fromView(view));
    object["tunnels"] = tunnels;
    return object;
}

Snapshot toSnapshot(const QJsonObject& object)
{
    Snapshot snapshot;
    snapshot.state = toEnum(object["state"], agent::LinkState::Refused);
    snapshot.switchedOn = object["on"].toBool();
    snapshot.failedTries = uint32_t(object["failed_tries"].toInteger());
    snapshot.relay = toStd(object["relay"]);
    snapshot.transport = toStd(object["transport"]);
    snapshot.problem = toProblem(object["problem"], object["problem_code"]);
    snapshot.configProblem = toStd(object["config_problem"]);
    if (object.contains("round_trip_us"))
        snapshot.roundTrip = microseconds(object["round_trip_us"].toInteger());
    if (object.contains("next_try"))
        snapshot.nextTry = timeFrom(object["next_try"]);
    if (const QJsonObject failure = object["failure"].toObject(); !failure.isEmpty())
        snapshot.failure = agent::AgentFailure{
            toEnum(failure["kind"], agent::AgentFailure::Kind::Options), toStd(failure["code"]),
            toStd(failure["text"]), agent::problemCodeFromText(toStd(failure["problem"]))};
    for (const QJsonValue& view : object["tunnels"].toArray())
        snapshot.tunnels.push_back(toView(view.toObject()));
    return snapshot;
}

QJsonObject fromLogLine(const LogLine& line)
{
    return {{"time", toMs(line.time)}, {"warning", line.warning}, {"text", text(line.text)}};
}

LogLine toLogLine(const QJsonObject& object)
{
    return {timeFrom(object["time"]), object["warning"].toBool(), toStd(object["text"])};
}

QJsonArray fromAccounts(const std::vector<Account>& accounts)
{
    QJsonArray array;
    for (const Account& account : accounts) {
        QJsonObject object{{"id", text(account.id)},
                           {"relay", text(account.relay)},
                           {"in_use", account.inUse},
                           {"in_file", account.inFile},
                           {"can_move", account.canMove}};
        put(object, "label", account.label);
        put(object, "pin", account.pin);
        put(object, "token_hint", account.tokenHint);
        put(object, "token_mark", account.tokenMark);
        array.append(object);
    }
    return array;
}

std::vector<Account> toAccounts(const QJsonArray& array)
{
    std::vector<Account> accounts;
    for (const QJsonValue& value : array) {
        const QJsonObject object = value.toObject();
        Account account;
        account.id = toStd(object["id"]);
        account.label = toStd(object["label"]);
        account.relay = toStd(object["relay"]);
        account.pin = toStd(object["pin"]);
        account.inUse = object["in_use"].toBool();
        account.inFile = object["in_file"].toBool();
        account.canMove = object["can_move"].toBool();
        account.tokenHint = toStd(object["token_hint"]);
        account.tokenMark = toStd(object["token_mark"]);
        accounts.push_back(std::move(account));
    }
    return accounts;
}

} // namespace sallyport::control::json
