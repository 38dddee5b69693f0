#include "admin/status_report.h"

#include "visitors/filters/visit_policy.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace sallyport::relay {

namespace {

QString text(std::string_view s)
{
    return QString::fromUtf8(s.data(), qsizetype(s.size()));
}

QJsonArray accessOf(const std::shared_ptr<const VisitPolicy>& policy)
{
    QJsonArray parts;
    if (policy)
        for (const std::string& part : policy->summary())
            parts.append(text(part));
    return parts;
}

QJsonArray tunnelsOf(const ControlPlane& control)
{
    QJsonArray tunnels;
    for (const Registry::TunnelInfo& tunnel : control.registry().tunnels()) {
        QJsonArray urls;
        for (const std::string& url : control.urlsOf(tunnel.kind, tunnel.hosts, tunnel.port))
            urls.append(text(url));
        static constexpr const char* states[] = {"up", "reconnecting", "away"};
        tunnels.append(QJsonObject{
            {"tunnel", text(tunnel.ref)},
            {"tenant", text(tunnel.tenant)},
            {"agent", text(tunnel.agentName)},
            {"peer", text(tunnel.peer)},
            {"kind", text(wire::kindText(tunnel.kind))},
            {"state", states[size_t(tunnel.state)]},
            {"urls", urls},
            {"access", accessOf(tunnel.policy)},
            {"requests", qint64(tunnel.stats->requests.value())},
            {"active", qint64(tunnel.stats->active.value())},
            {"bytes_in", qint64(tunnel.stats->bytesIn.value())},
            {"bytes_out", qint64(tunnel.stats->bytesOut.value())},
            {"errors", qint64(tunnel.stats->errors.value())},
        });
    }
    return tunnels;
}

QJsonArray certificatesOf(const AcmeService* acme)
{
    QJsonArray certificates;
    if (!acme)
        return certificates;
    const auto now = std::chrono::system_clock::now();
    const auto time = [](const std::optional<tls::SystemTime>& at) {
        return at ? QJsonValue(
                        QDateTime::fromSecsSinceEpoch(std::chrono::system_clock::to_time_t(*at))
                            .toUTC()
                            .toString(Qt::ISODate))
                  : QJsonValue();
    };
    for (const acme::CertificateStatus& status : acme->statuses()) {
        QJsonArray names;
        for (const std::string& name : status.names)
            names.append(text(name));
        static constexpr const char* states[] = {"pending", "ready", "error"};
        QJsonObject object{
            {"id", text(status.id)},
            {"names", names},
            {"state", states[size_t(status.state)]},
            {"issuing", status.issuing},
            {"since", time(status.since)},
            {"not_after", time(status.notAfter)},
            {"next", time(status.next)}, // renewal, or the next try
            {"error", text(status.error)},
            {"failures", qint64(status.failures)},
        };
        if (status.notAfter)
            object["days_left"] = qint64(
                std::chrono::duration_cast<std::chrono::hours>(*status.notAfter - now).count() /
                24);
        certificates.append(object);
    }
    return certificates;
}

} // namespace

std::string statusReport(const StatusSources& from)
{
    const auto uptime =
        std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - from.started);
    const QJsonObject report{
        {"ok", from.control.credentials().health().ok},
        {"trouble", text(from.control.credentials().health().trouble)},
        {"version", QStringLiteral(SALLYPORT_VERSION)},
        {"domain", text(from.shared.config.domain)},
        {"pin", text(from.pin)},
        {"uptime_seconds", qint64(uptime.count())},
        {"draining", from.shared.draining.load()},
        {"links", qint64(from.control.registry().linkCount())},
        {"visitors", qint64(from.shared.visitors.inside())},
        {"peeking", qint64(from.shared.peeking.value())},
        {"visitors_turned_away", qint64(from.shared.visitors.turnedAway())},
        {"requests", qint64(from.shared.requests.value())},
        {"tokens", qint64(from.control.credentials().tokenCount())},
        {"tunnels", tunnelsOf(from.control)},
        {"certificates", certificatesOf(from.acme)},
    };
    return QJsonDocument(report).toJson(QJsonDocument::Compact).toStdString();
}

} // namespace sallyport::relay
