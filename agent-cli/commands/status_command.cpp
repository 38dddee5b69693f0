// What the agents of this user that run now are doing.
#include "commands.h"
#include "exit_code.h"
#include "say.h"

#include <sallyport/control/control_client.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

namespace sallyport::cli {

namespace {

std::string str(const QJsonValue& value)
{
    return value.toString().toStdString();
}

void printTunnel(const QJsonObject& tunnel)
{
    const QJsonArray urls = tunnel["urls"].toArray();
    std::string address = urls.isEmpty() ? str(tunnel["state"]) : str(urls.first());
    if (const QJsonObject refused = tunnel["refused"].toObject(); !refused.isEmpty())
        address = "refused: " + str(refused["message"]);
    const QJsonObject connections = tunnel["connections"].toObject();
    std::printf("  %-16s %s -> %s  (%lld open, %lld in all)\n", str(tunnel["name"]).c_str(),
                address.c_str(), str(tunnel["upstream"]).c_str(),
                static_cast<long long>(connections["open"].toInteger()),
                static_cast<long long>(connections["total"].toInteger()));
    QStringList access;
    for (const QJsonValue& part : tunnel["access"].toArray())
        access << part.toString();
    if (!access.isEmpty())
        std::printf("  %-16s visitors: %s\n", "", qPrintable(access.join(u", ")));
    if (const std::string problem = str(tunnel["upstream_problem"]); !problem.empty())
        std::printf("  %-16s the upstream can't be reached: %s\n", "", problem.c_str());
}

void printAgent(const QJsonObject& answer)
{
    const QJsonObject agent = answer["agent"].toObject();
    std::printf("agent %lld  %s  relay %s", static_cast<long long>(answer["pid"].toInteger()),
                str(agent["state"]).c_str(), str(agent["relay"]).c_str());
    if (agent.contains("round_trip_ms"))
        std::printf("  latency %.1f ms", agent["round_trip_ms"].toDouble());
    std::printf("\n");
    if (const std::string problem = str(agent["problem"]); !problem.empty())
        std::printf("  %s\n", problem.c_str());
    if (const QJsonObject identity = agent["identity"].toObject(); !identity.isEmpty())
        std::printf("  certificate of %s, %lld days left\n", str(identity["name"]).c_str(),
                    static_cast<long long>(identity["days_left"].toInteger()));
    for (const QJsonValue& tunnel : agent["tunnels"].toArray())
        printTunnel(tunnel.toObject());
}

int printStatus(bool json)
{
    const std::vector<QJsonObject> answers = control::askAllAgents();
    if (json) {
        QJsonArray agents;
        for (const QJsonObject& answer : answers) {
            QJsonObject agent = answer["agent"].toObject();
            agent["pid"] = answer["pid"];
            agent["version"] = answer["version"];
            agents.append(agent);
        }
        const QByteArray text = QJsonDocument(QJsonObject{{"agents", agents}}).toJson();
        std::fwrite(text.constData(), 1, static_cast<size_t>(text.size()), stdout);
    } else {
        for (const QJsonObject& answer : answers)
            printAgent(answer);
    }
    if (answers.empty())
        return complain(Failed, "no agent of this user is running");
    return Fine;
}

} // namespace

void addStatus(CLI::App& app, const Globals&, Chosen& chosen)
{
    CLI::App* command = app.add_subcommand("status", "What the running agents do");
    const auto json = std::make_shared<bool>(false);
    command->add_flag("--json", *json, "As JSON");
    command->callback([&chosen, json] { chosen = [json] { return printStatus(*json); }; });
}

} // namespace sallyport::cli
