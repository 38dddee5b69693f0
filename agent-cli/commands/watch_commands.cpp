// logs and inspect: what the agent that runs with this configuration says, and what passes through
// it.
#include "commands.h"
#include "exit_code.h"
#include "say.h"

#include <sallyport/control/local_agent_control.h>
#include <sallyport/control/remote_agent_control.h>
#include <sallyport/inspect/traffic_source.h>

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimer>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>

namespace sallyport::cli {

namespace {

constexpr int Patience = 2000; // milliseconds, for an agent to be found

struct WatchFlags
{
    bool follow = false;
    bool json = false;
    uint32_t count = 20;
};

QString timeText(std::chrono::system_clock::time_point time)
{
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
    return QDateTime::fromMSecsSinceEpoch(ms).toUTC().toString(Qt::ISODateWithMs);
}

void printJson(const QJsonObject& object)
{
    std::printf("%s\n", QJsonDocument(object).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
}

// Runs until `ready` says that it is done, or for ever where it never does.
int withAgent(const Globals& globals,
              const std::function<void(control::RemoteAgentControl& agent)>& ready)
{
    control::AgentControlOptions options;
    options.config = globals.config;
    options.flags = globals.flags();
    control::RemoteAgentControl agent(control::agentId(options.purpose()));
    bool found = false;
    QObject::connect(&agent, &control::AgentControl::placeChanged, &agent, [&] {
        if (agent.place() == control::AgentControl::Place::Service && !found) {
            found = true;
            ready(agent);
        }
    });
    QTimer::singleShot(Patience, &agent, [&] {
        if (!found)
            QCoreApplication::exit(complain(Failed,
                                            "no agent runs with this configuration: `sallyport "
                                            "up` and the desktop app start one"));
    });
    return QCoreApplication::exec();
}

void printLine(const control::LogLine& line, bool json)
{
    if (json)
        return printJson({{"time", timeText(line.time)},
                          {"warning", line.warning},
                          {"text", QString::fromStdString(line.text)}});
    std::printf("%s %s %s\n", qPrintable(timeText(line.time)), line.warning ? "!" : " ",
                line.text.c_str());
    std::fflush(stdout);
}

int printLog(const Globals& globals, const WatchFlags& flags)
{
    return withAgent(globals, [flags](control::RemoteAgentControl& agent) {
        for (const control::LogLine& line : agent.log())
            printLine(line, flags.json);
        if (!flags.follow)
            return QCoreApplication::exit(Fine);
        QObject::connect(&agent, &control::AgentControl::logged, &agent,
                         [flags](const control::LogLine& line) { printLine(line, flags.json); });
    });
}

// Paths come from outside: nothing in them may steer the terminal.
std::string harmless(const std::string& text)
{
    QString shown = QString::fromStdString(text);
    for (QChar& c : shown)
        if (!c.isPrint() && !c.isSurrogate())
            c = u'?';
    return shown.toStdString();
}

double milliseconds(const std::optional<std::chrono::microseconds>& time)
{
    return time ? double(time->count()) / 1000 : 0;
}

void printRecord(const inspect::Record& record, bool json)
{
    const auto took = record.ended ? record.ended : record.answered;
    if (json)
        return printJson({{"id", QString::number(record.id)},
                          {"time", timeText(record.begun)},
                          {"kind", QString::fromUtf8(inspect::toText(record.kind).data())},
                          {"outcome", QString::fromUtf8(inspect::toText(record.outcome).data())},
                          {"tunnel", QString::fromStdString(record.tunnel)},
                          {"visitor", QString::fromStdString(record.visitor)},
                          {"method", QString::fromStdString(record.method)},
                          {"host", QString::fromStdString(record.host)},
                          {"path", QString::fromStdString(record.path)},
                          {"status", int(record.status)},
                          {"request_bytes", qint64(record.requestBytes)},
                          {"response_bytes", qint64(record.responseBytes)},
                          {"ms", milliseconds(took)}});
    const std::string what = record.method.empty() ? std::string(inspect::toText(record.kind))
                                                   : record.method + " " + record.path;
    const std::string result = record.status != 0 ? std::to_string(record.status)
                                                  : std::string(inspect::toText(record.outcome));
    std::printf("%s  %-12s %-16s %8.1f ms  %s\n", qPrintable(timeText(record.begun)),
                record.tunnel.c_str(), result.c_str(), milliseconds(took), harmless(what).c_str());
    std::fflush(stdout);
}

int printTraffic(const Globals& globals, const WatchFlags& flags)
{
    return withAgent(globals, [flags](control::RemoteAgentControl& agent) {
        inspect::Query query;
        query.limit = flags.count;
        agent.traffic().query(
            query, [flags](const Result<std::vector<inspect::Record>, std::string>& found) {
                if (!found)
                    return QCoreApplication::exit(complain(Failed, found.error()));
                for (auto record = found.value().rbegin(); record != found.value().rend(); ++record)
                    printRecord(*record, flags.json);
                if (!flags.follow)
                    QCoreApplication::exit(Fine);
            });
        if (flags.follow)
            QObject::connect(&agent.traffic(), &inspect::TrafficSource::recordsChanged, &agent,
                             [flags](const std::vector<inspect::Record>& records) {
                                 for (const inspect::Record& record : records)
                                     if (record.outcome != inspect::Outcome::Pending)
                                         printRecord(record, flags.json);
                             });
    });
}

std::shared_ptr<WatchFlags> addFlags(CLI::App& command)
{
    const auto flags = std::make_shared<WatchFlags>();
    command.add_flag("-f,--follow", flags->follow, "Go on with what comes");
    command.add_flag("--json", flags->json, "One JSON object on each line");
    return flags;
}

} // namespace

void addLogs(CLI::App& app, const Globals& globals, Chosen& chosen)
{
    CLI::App* command = app.add_subcommand("logs", "What the running agent of `up` has said");
    const auto flags = addFlags(*command);
    command->callback([&chosen, &globals, flags] {
        chosen = [&globals, flags] { return printLog(globals, *flags); };
    });
}

void addInspect(CLI::App& app, const Globals& globals, Chosen& chosen)
{
    CLI::App* command =
        app.add_subcommand("inspect", "The last requests that passed through the agent of `up`");
    const auto flags = addFlags(*command);
    command->add_option("-n,--count", flags->count, "How many")
        ->type_name("N")
        ->check(CLI::Range(1, 1000));
    command->callback([&chosen, &globals, flags] {
        chosen = [&globals, flags] { return printTraffic(globals, *flags); };
    });
}

} // namespace sallyport::cli
