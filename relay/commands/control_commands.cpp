#include "admin/control_socket.h"
#include "commands/commands.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>

namespace sallyport::relay {

namespace {

std::optional<QJsonObject> ask(const config::Sources& sources, const std::string& command,
                               int& code)
{
    const auto config = loadConfig(sources);
    if (!config) {
        code = Usage;
        return std::nullopt;
    }
    std::string error;
    const std::string answer = ControlSocket::ask(config->stateDir, command, error);
    if (answer.empty()) {
        std::fprintf(stderr, "%s\n", error.c_str());
        code = Failed;
        return std::nullopt;
    }
    return QJsonDocument::fromJson(QByteArray::fromStdString(answer)).object();
}

void printTunnel(const QJsonObject& tunnel)
{
    QStringList urls;
    for (const QJsonValue& url : tunnel["urls"].toArray())
        urls << url.toString();
    QStringList access;
    for (const QJsonValue& part : tunnel["access"].toArray())
        access << part.toString();
    std::printf("  %-12s %-5s %-40s %-16s %-14s %10lld %14lld %14lld  %s\n",
                qPrintable(tunnel["state"].toString()), qPrintable(tunnel["kind"].toString()),
                qPrintable(urls.join(u' ')), qPrintable(tunnel["agent"].toString()),
                qPrintable(tunnel["tenant"].toString()),
                static_cast<long long>(tunnel["requests"].toInteger()),
                static_cast<long long>(tunnel["bytes_in"].toInteger()),
                static_cast<long long>(tunnel["bytes_out"].toInteger()),
                access.isEmpty() ? "everybody" : qPrintable(access.join(u", ")));
}

void printCertificate(const QJsonObject& certificate)
{
    QStringList names;
    for (const QJsonValue& name : certificate["names"].toArray())
        names << name.toString();
    const QString days = certificate.contains("days_left")
                             ? QString::number(certificate["days_left"].toInteger())
                             : QStringLiteral("-");
    const QString state = certificate["state"].toString();
    std::printf("  %-12s %-44s %9s  %-20s %s\n",
                qPrintable(state == "ready" && certificate["issuing"].toBool()
                               ? QStringLiteral("renewing")
                               : state),
                qPrintable(names.join(u' ')), qPrintable(days),
                qPrintable(certificate["next"].toString(QStringLiteral("-"))),
                qPrintable(certificate["error"].toString()));
}

} // namespace

int status(const config::Sources& sources, bool json)
{
    int code = Fine;
    const auto answer = ask(sources, "status", code);
    if (!answer)
        return code;
    if (json) {
        std::printf("%s", QJsonDocument(*answer).toJson().constData());
        return Fine;
    }
    std::printf("relay     %s, %s, up %lld s\n",
                (*answer)["ok"].toBool() ? "healthy" : qPrintable((*answer)["trouble"].toString()),
                (*answer)["draining"].toBool() ? "draining" : "serving",
                static_cast<long long>((*answer)["uptime_seconds"].toInteger()));
    std::printf("domain    %s\n", qPrintable((*answer)["domain"].toString()));
    std::printf("pin       %s\n", qPrintable((*answer)["pin"].toString()));
    std::printf("links     %lld\nvisitors  %lld\nrequests  %lld\n",
                static_cast<long long>((*answer)["links"].toInteger()),
                static_cast<long long>((*answer)["visitors"].toInteger()),
                static_cast<long long>((*answer)["requests"].toInteger()));
    const QJsonArray tunnels = (*answer)["tunnels"].toArray();
    std::printf("tunnels   %lld\n", static_cast<long long>(tunnels.size()));
    if (!tunnels.isEmpty())
        std::printf("  %-12s %-5s %-40s %-16s %-14s %10s %14s %14s  %s\n", "STATE", "KIND", "URL",
                    "AGENT", "TENANT", "REQUESTS", "BYTES IN", "BYTES OUT", "VISITORS");
    for (const QJsonValue& tunnel : tunnels)
        printTunnel(tunnel.toObject());
    const QJsonArray certificates = (*answer)["certificates"].toArray();
    if (!certificates.isEmpty())
        std::printf("certificates  %lld\n  %-12s %-44s %9s  %-20s %s\n",
                    static_cast<long long>(certificates.size()), "STATE", "NAMES", "DAYS LEFT",
                    "NEXT", "ERROR");
    for (const QJsonValue& certificate : certificates)
        printCertificate(certificate.toObject());
    return Fine;
}

int tell(const config::Sources& sources, const std::string& command)
{
    int code = Fine;
    const auto answer = ask(sources, command, code);
    if (!answer)
        return code;
    if (!(*answer)["ok"].toBool()) {
        std::fprintf(stderr, "%s\n", qPrintable((*answer)["error"].toString()));
        return Failed;
    }
    std::fprintf(stderr, "done\n");
    return Fine;
}

} // namespace sallyport::relay
