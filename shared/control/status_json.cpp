#include <sallyport/config/access_config.h>
#include <sallyport/control/status_json.h>

#include <QJsonArray>
#include <QString>

#include <chrono>

namespace sallyport::control {

namespace {

QString text(std::string_view value)
{
    return QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size()));
}

double milliseconds(Duration time)
{
    return std::chrono::duration<double, std::milli>(time).count();
}

QJsonObject tunnelToJson(const agent::TunnelStatus& tunnel)
{
    QJsonObject object;
    object["name"] = text(tunnel.ref);
    object["kind"] = text(wire::kindText(tunnel.config.kind));
    object["upstream"] = text(tunnel.config.upstream.text());
    object["state"] = text(agent::toText(tunnel.state));
    QJsonArray urls;
    for (const std::string& url : tunnel.urls)
        urls.append(text(url));
    object["urls"] = urls;
    QJsonArray access;
    for (const std::string& part : config::accessSummary(tunnel.config.access))
        access.append(text(part));
    if (!access.isEmpty())
        object["access"] = access;
    if (tunnel.state == agent::TunnelState::Refused)
        object["refused"] = QJsonObject{{"code", text(tunnel.refusalCode)},
                                        {"message", text(tunnel.refusalText)},
                                        {"final", tunnel.refusalIsFinal}};
    if (!tunnel.upstreamProblem.empty())
        object["upstream_problem"] = text(tunnel.upstreamProblem);
    if (!tunnel.certificateProblem.empty())
        object["certificate_problem"] = text(tunnel.certificateProblem);
    const agent::TunnelCounters& counters = tunnel.counters;
    object["connections"] = QJsonObject{{"open", static_cast<qint64>(counters.open)},
                                        {"total", static_cast<qint64>(counters.total)}};
    object["bytes"] = QJsonObject{{"in", static_cast<qint64>(counters.bytesIn)},
                                  {"out", static_cast<qint64>(counters.bytesOut)}};
    object["upstream_errors"] = static_cast<qint64>(counters.upstreamErrors);
    return object;
}

} // namespace

QJsonObject statusToJson(const agent::Status& status)
{
    QJsonObject object;
    object["state"] = text(agent::toText(status.state));
    object["relay"] = text(status.relay);
    if (!status.transport.empty())
        object["transport"] = text(status.transport);
    if (status.port != 0)
        object["port"] = status.port;
    if (!status.session.empty())
        object["session"] = text(status.session);
    if (status.roundTrip)
        object["round_trip_ms"] = milliseconds(*status.roundTrip);
    if (status.nextTry)
        object["next_try_ms"] = milliseconds(*status.nextTry - Clock::now());
    if (!status.problem.empty())
        object["problem"] = text(status.problem);
    if (status.identity) {
        using namespace std::chrono;
        const auto left = status.identity->notAfter - system_clock::now();
        object["identity"] = QJsonObject{
            {"name", text(status.identity->name)},
            {"not_after",
             qint64(floor<seconds>(status.identity->notAfter).time_since_epoch().count())},
            {"days_left", qint64(floor<days>(left).count())}};
    }
    QJsonArray tunnels;
    for (const agent::TunnelStatus& tunnel : status.tunnels)
        tunnels.append(tunnelToJson(tunnel));
    object["tunnels"] = tunnels;
    return object;
}

} // namespace sallyport::control
