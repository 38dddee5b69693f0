#include "remote_traffic.h"

#include "control_json.h"

#include <limits>
#include <utility>

namespace sallyport::control {

namespace {

Failure<std::string> away()
{
    return Failure(std::string("the agent is not reachable right now: it is being looked for"));
}

} // namespace

void RemoteTraffic::setLink(ControlLink* link)
{
    m_link = link;
    if (!link && m_storage != inspect::StorageProblem()) {
        m_storage = {};
        emit storageProblemChanged();
    }
    tellSettings(); // what changed since the subscription
    // It may have passed anything while we were away: what is shown is asked for anew.
    if (link)
        emit recordsRemoved(std::numeric_limits<inspect::RecordId>::max());
}

QJsonObject RemoteTraffic::subscription()
{
    QJsonObject request{{"type", "subscribe"}, {"traffic", true}};
    if (m_settings)
        request["capture"] = json::fromCapture(*m_settings);
    m_told = m_settings;
    return request;
}

void RemoteTraffic::handle(const QJsonObject& event)
{
    const QString type = event["type"].toString();
    if (type == "records") {
        emit recordsChanged(json::toRecords(event["records"].toArray()));
    } else if (type == "records_removed") {
        emit recordsRemoved(json::toNumber(event["last"]));
    } else if (type == "recording") {
        m_recording = event["on"].toBool();
        emit recordingChanged();
    } else if (type == "storage") {
        m_storage = json::toStorage(event["problem"].toObject());
        emit storageProblemChanged();
    }
}

template <typename Value, typename Read>
void RemoteTraffic::ask(const QJsonObject& request, Done<Value> done, Read read)
{
    if (!m_link)
        return done(away());
    m_link->request(request, [done, read](const Result<QJsonObject, agent::Problem>& got) {
        if (!got)
            return done(Failure(got.error()));
        done(read(*got));
    });
}

void RemoteTraffic::query(const inspect::Query& query, Done<std::vector<inspect::Record>> done)
{
    ask<std::vector<inspect::Record>>(
        {{"type", "traffic.query"}, {"query", json::fromQuery(query)}}, std::move(done),
        [](const QJsonObject& answer) { return json::toRecords(answer["records"].toArray()); });
}

void RemoteTraffic::exchange(inspect::RecordId id, Done<inspect::Exchange> done)
{
    ask<inspect::Exchange>(
        {{"type", "traffic.exchange"}, {"record", json::number(id)}}, std::move(done),
        [](const QJsonObject& answer) { return json::toExchange(answer["exchange"].toObject()); });
}

void RemoteTraffic::body(inspect::RecordId id, inspect::Side side, Done<std::string> done)
{
    if (!m_link)
        return done(away());
    m_link->requestBytes({{"type", "traffic.body"},
                          {"record", json::number(id)},
                          {"side", side == inspect::Side::Response ? "response" : "request"}},
                         std::move(done));
}

void RemoteTraffic::replay(const inspect::ReplayRequest& request, Done<inspect::RecordId> done)
{
    ask<inspect::RecordId>(
        {{"type", "traffic.replay"}, {"request", json::fromReplay(request)}}, std::move(done),
        [](const QJsonObject& answer) { return json::toNumber(answer["record"]); });
}

void RemoteTraffic::stopReplay(inspect::RecordId answer)
{
    if (m_link)
        m_link->request({{"type", "traffic.stop_replay"}, {"record", json::number(answer)}},
                        [](const Result<QJsonObject, agent::Problem>&) {});
}

void RemoteTraffic::exportRecords(const std::vector<inspect::RecordId>& ids,
                                  inspect::ExportFormat format, bool withSecrets,
                                  Done<std::string> done)
{
    if (!m_link)
        return done(away());
    QJsonArray records;
    for (const inspect::RecordId id : ids)
        records.append(json::number(id));
    m_link->requestBytes({{"type", "traffic.export"},
                          {"records", records},
                          {"format", int(format)},
                          {"with_secrets", withSecrets}},
                         std::move(done));
}

void RemoteTraffic::clear(Done<bool> done)
{
    ask<bool>({{"type", "traffic.clear"}}, std::move(done),
              [](const QJsonObject&) { return true; });
}

void RemoteTraffic::setRecording(bool recording)
{
    if (m_link)
        m_link->request({{"type", "traffic.record"}, {"on", recording}},
                        [](const Result<QJsonObject, agent::Problem>&) {});
}

void RemoteTraffic::setSettings(const inspect::CaptureSettings& settings)
{
    m_settings = settings;
    tellSettings();
}

void RemoteTraffic::tellSettings()
{
    if (!m_link || m_told == m_settings)
        return;
    m_told = m_settings;
    m_link->request({{"type", "traffic.settings"}, {"capture", json::fromCapture(*m_settings)}},
                    [](const Result<QJsonObject, agent::Problem>&) {});
}

} // namespace sallyport::control
