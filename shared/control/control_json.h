// Everything of AgentControl and TrafficSource as JSON and back: what passes over the control
// socket (docs/control-socket.md). Internal.
//
// Reading never fails: what is missing or of another type is the default, because both ends are
// ours and may differ in version. Numbers over 2^53 travel as text.
#pragma once

#include <sallyport/control/agent_control.h>
#include <sallyport/inspect/capture_settings.h>
#include <sallyport/inspect/traffic_source.h>

#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace sallyport::control::json {

QString text(std::string_view value);
std::string toStd(const QJsonValue& value);
// The sentence as `key`, and beside it the `code` where it is a known one.
void addProblem(QJsonObject& object, const char* key, const agent::Problem& problem);
agent::Problem toProblem(const QJsonValue& sentence, const QJsonValue& code);

QJsonObject fromTunnel(const config::TunnelConfig& tunnel);
// Nothing when it holds something that a tunnel does not.
std::optional<config::TunnelConfig> toTunnel(const QJsonObject& object);

QJsonObject fromSnapshot(const Snapshot& snapshot);
Snapshot toSnapshot(const QJsonObject& object);

QJsonObject fromLogLine(const LogLine& line);
LogLine toLogLine(const QJsonObject& object);

QJsonArray fromAccounts(const std::vector<Account>& accounts);
std::vector<Account> toAccounts(const QJsonArray& array);

QJsonObject fromRecord(const inspect::Record& record);
inspect::Record toRecord(const QJsonObject& object);
QJsonArray fromRecords(const std::vector<inspect::Record>& records);
std::vector<inspect::Record> toRecords(const QJsonArray& array);

QJsonObject fromExchange(const inspect::Exchange& exchange);
inspect::Exchange toExchange(const QJsonObject& object);

QJsonObject fromQuery(const inspect::Query& query);
inspect::Query toQuery(const QJsonObject& object);

QJsonObject fromStorage(const inspect::StorageProblem& problem);
inspect::StorageProblem toStorage(const QJsonObject& object);

// All but `keepHistory` and `folder`, which are the agent's own affair.
QJsonObject fromCapture(const inspect::CaptureSettings& settings);
// An error names what is too much.
Result<inspect::CaptureSettings, std::string> toCapture(const QJsonObject& object);

// With the body, as base64.
QJsonObject fromReplay(const inspect::ReplayRequest& request);
inspect::ReplayRequest toReplay(const QJsonObject& object);

// Bytes of any kind.
QString base64(std::string_view bytes);
std::string fromBase64(const QJsonValue& value);

// Ids are 64 bits.
QString number(uint64_t value);
uint64_t toNumber(const QJsonValue& value);

} // namespace sallyport::control::json
