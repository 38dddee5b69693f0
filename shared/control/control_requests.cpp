#include "control_requests.h"

#include "control_json.h"

#include <sallyport/agent/agent.h>
#include <sallyport/control/handed_tokens.h>

#include <QCoreApplication>
#include <QHash>

#include <algorithm>
#include <utility>

namespace sallyport::control {

using json::toStd;
using Answer = ControlPeer::Answer;

namespace {

using Handler = void (*)(AgentControl&, const QJsonObject&, const Answer&);

constexpr uint32_t MaxRecords = 1000; // of one answer

AgentControl::Done simply(const Answer& answer)
{
    return [answer](const Result<void, agent::Problem>& result) {
        if (result)
            answer.done({});
        else
            answer.failed(result.error());
    };
}

template <typename Value, typename Give>
auto with(const Answer& answer, Give give)
{
    return [answer, give](Result<Value, agent::Problem> result) {
        if (result)
            give(std::move(*result));
        else
            answer.failed(result.error());
    };
}

// ---- Commands ----

void putTunnel(AgentControl& agent, const QJsonObject& request, const Answer& answer)
{
    const auto tunnel = json::toTunnel(request["tunnel"].toObject());
    if (!tunnel)
        return answer.failed(
            std::string("the request's tunnel has keys or values that no tunnel has"));
    agent.putTunnel(toStd(request["ref"]), *tunnel, simply(answer));
}

void checkTunnel(AgentControl& agent, const QJsonObject& request, const Answer& answer)
{
    const auto tunnel = json::toTunnel(request["tunnel"].toObject());
    if (!tunnel)
        return answer.failed(
            std::string("the request's tunnel has keys or values that no tunnel has"));
    agent.checkAddress(*tunnel, with<AddressCheck>(answer, [answer](const AddressCheck& check) {
        QJsonObject fields{{"free", check.free}, {"url", json::text(check.url)}};
        json::addProblem(fields, "reason", check.reason);
        answer.done(fields);
    }));
}

void addAccount(AgentControl& agent, const QJsonObject& request, const Answer& answer)
{
    NewAccount account;
    account.label = toStd(request["label"]);
    account.joinLine = Secret(toStd(request["join_line"]));
    account.relay = toStd(request["relay"]);
    account.pin = toStd(request["pin"]);
    account.token = Secret(toStd(request["token"]));
    account.replaces = toStd(request["replaces"]);
    agent.addAccount(account, simply(answer));
}

// ---- Traffic ----

void query(AgentControl& agent, const QJsonObject& request, const Answer& answer)
{
    inspect::Query wanted = json::toQuery(request["query"].toObject());
    wanted.limit = std::min(wanted.limit, MaxRecords);
    agent.traffic().query(wanted, with<std::vector<inspect::Record>>(
                                      answer, [answer](const std::vector<inspect::Record>& found) {
                                          answer.done({{"records", json::fromRecords(found)}});
                                      }));
}

void exchange(AgentControl& agent, const QJsonObject& request, const Answer& answer)
{
    agent.traffic().exchange(json::toNumber(request["record"]),
                             with<inspect::Exchange>(answer, [answer](const inspect::Exchange& e) {
                                 answer.done({{"exchange", json::fromExchange(e)}});
                             }));
}

void body(AgentControl& agent, const QJsonObject& request, const Answer& answer)
{
    const auto side =
        toStd(request["side"]) == "response" ? inspect::Side::Response : inspect::Side::Request;
    agent.traffic().body(json::toNumber(request["record"]), side,
                         with<std::string>(answer, answer.bytes));
}

void replay(AgentControl& agent, const QJsonObject& request, const Answer& answer)
{
    agent.traffic().replay(json::toReplay(request["request"].toObject()),
                           with<inspect::RecordId>(answer, [answer](inspect::RecordId id) {
                               answer.done({{"record", json::number(id)}});
                           }));
}

void exportRecords(AgentControl& agent, const QJsonObject& request, const Answer& answer)
{
    std::vector<inspect::RecordId> ids;
    for (const QJsonValue& id : request["records"].toArray())
        ids.push_back(json::toNumber(id));
    const int format =
        std::clamp(request["format"].toInt(), 0, int(inspect::ExportFormat::HttpFile));
    agent.traffic().exportRecords(ids, inspect::ExportFormat(format),
                                  request["with_secrets"].toBool(),
                                  with<std::string>(answer, answer.bytes));
}

const QHash<QString, Handler>& handlers()
{
    static const QHash<QString, Handler> all = {
        {"switch",
         [](AgentControl& agent, const QJsonObject& request, const Answer& answer) {
             agent.setSwitchedOn(request["on"].toBool(), simply(answer));
         }},
        {"tunnel.put", putTunnel},
        {"tunnel.remove",
         [](AgentControl& agent, const QJsonObject& request, const Answer& answer) {
             agent.removeTunnel(toStd(request["ref"]), simply(answer));
         }},
        {"tunnel.pause",
         [](AgentControl& agent, const QJsonObject& request, const Answer& answer) {
             agent.setPaused(toStd(request["ref"]), request["paused"].toBool(), simply(answer));
         }},
        {"tunnel.check", checkTunnel},
        {"account.add", addAccount},
        {"account.test",
         [](AgentControl& agent, const QJsonObject& request, const Answer& answer) {
             agent.testAccount(toStd(request["account"]), simply(answer));
         }},
        {"account.use",
         [](AgentControl& agent, const QJsonObject& request, const Answer& answer) {
             agent.useAccount(toStd(request["account"]), simply(answer));
         }},
        {"account.rename",
         [](AgentControl& agent, const QJsonObject& request, const Answer& answer) {
             agent.renameAccount(toStd(request["account"]), toStd(request["label"]),
                                 simply(answer));
         }},
        {"account.keychain",
         [](AgentControl& agent, const QJsonObject& request, const Answer& answer) {
             agent.moveToKeychain(toStd(request["account"]), simply(answer));
         }},
        {"account.remove",
         [](AgentControl& agent, const QJsonObject& request, const Answer& answer) {
             agent.removeAccount(toStd(request["account"]), simply(answer));
         }},
        {"traffic.query", query},
        {"traffic.exchange", exchange},
        {"traffic.body", body},
        {"traffic.replay", replay},
        {"traffic.stop_replay",
         [](AgentControl& agent, const QJsonObject& request, const Answer& answer) {
             agent.traffic().stopReplay(json::toNumber(request["record"]));
             answer.done({});
         }},
        {"traffic.export", exportRecords},
        {"traffic.clear",
         [](AgentControl& agent, const QJsonObject&, const Answer& answer) {
             agent.traffic().clear(with<bool>(answer, [answer](bool) { answer.done({}); }));
         }},
        {"traffic.record",
         [](AgentControl& agent, const QJsonObject& request, const Answer& answer) {
             agent.traffic().setRecording(request["on"].toBool());
             answer.done({});
         }},
    };
    return all;
}

// What every agent answers, also to clients of earlier versions.
bool handleCommon(ControlPeer& peer, const QString& type, const Answer& answer)
{
    const ControlServer::Actions& actions = peer.server().actions();
    const QJsonObject about{{"pid", QCoreApplication::applicationPid()},
                            {"version", json::text(agent::version())}};
    if (type == "status") {
        QJsonObject fields = about;
        fields["type"] = "status";
        fields["agent"] = actions.status();
        answer.done(fields);
    } else if (type == "hello") {
        QJsonObject fields = about;
        fields["type"] = "hello";
        fields["protocol"] = 1;
        fields["agent_id"] = json::text(peer.server().id());
        fields["control"] = peer.control() != nullptr;
        fields["handed_tokens"] = HandedTokens::areHere();
        answer.done(fields);
    } else if (type == "retry" || type == "stop") {
        answer.done({}); // before the process may be gone
        (type == "retry" ? actions.retry : actions.stop)();
    } else {
        return false;
    }
    return true;
}

} // namespace

void handleRequest(ControlPeer& peer, const QJsonObject& request, const Answer& answer)
{
    const QString type = request["type"].toString();
    if (handleCommon(peer, type, answer))
        return;
    if (!peer.control())
        return answer.failed(
            std::string("unknown request; there are hello, status, retry and stop"));
    if (type == "subscribe" || type == "traffic.settings") {
        if (request.contains("capture")) {
            const auto settings = json::toCapture(request["capture"].toObject());
            if (!settings)
                return answer.failed(settings.error());
            peer.setCapture(*settings);
        }
        answer.done({});
        if (type == "subscribe")
            peer.subscribe(request["traffic"].toBool());
        return;
    }
    if (const Handler handler = handlers().value(type))
        return handler(*peer.control(), request, answer);
    answer.failed(std::string("unknown request"));
}

} // namespace sallyport::control
