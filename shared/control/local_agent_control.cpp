#include "log_tail.h"

#include <sallyport/agent/options.h>
#include <sallyport/config/files.h>
#include <sallyport/config/paths.h>
#include <sallyport/control/agent_file.h>
#include <sallyport/control/control_server.h>
#include <sallyport/control/local_agent_control.h>
#include <sallyport/control/status_json.h>
#include <sallyport/inspect/local_traffic.h>

#include <QCoreApplication>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <utility>

namespace sallyport::control {

using agent::Agent;
using agent::LinkState;

namespace {

constexpr auto Soon = std::chrono::milliseconds(100);
constexpr auto Moving = std::chrono::milliseconds(500);

std::string stateFolder()
{
    return config::relayStateFolder(config::processPathContext());
}

// Its presence says that the agent was switched off.
std::string switchFile()
{
    return stateFolder() + "/switched_off";
}

std::optional<std::chrono::system_clock::time_point> onTheWall(std::optional<TimePoint> time)
{
    if (!time)
        return std::nullopt;
    return std::chrono::system_clock::now() +
           std::chrono::duration_cast<std::chrono::system_clock::duration>(*time - Clock::now());
}

} // namespace

std::string AgentControlOptions::purpose() const
{
    std::error_code error;
    std::string text = "up " + std::filesystem::absolute(configFile(config), error).string();
    for (const std::string& name : only)
        text += " " + name;
    return text;
}

LocalAgentControl::LocalAgentControl(AgentControlOptions options, std::unique_ptr<AgentLock> lock)
    : m_options(std::move(options)), m_lock(std::move(lock))
{
    m_tail = logTail(this, [this](LogLine line) { addLogLine(std::move(line)); });
    if (m_options.capture.folder.empty())
        m_options.capture.folder = stateFolder() + "/traffic/" + agentId(m_options.purpose());
    m_traffic = std::make_unique<inspect::LocalTraffic>(m_options.capture, m_tail);
    m_agent = std::make_unique<Agent>(agentOptions());
    m_narrator = std::make_unique<Narrator>(*m_agent, m_tail);
    for (QTimer* timer : {&m_soon, &m_moving})
        timer->setSingleShot(true);
    connect(&m_soon, &QTimer::timeout, this, [this] { changed(true); });
    connect(&m_moving, &QTimer::timeout, this, [this] { changed(true); });
    connect(&m_watcher, &config::FileWatcher::changed, this, &LocalAgentControl::reload);
    m_switchedOn = !m_options.rememberSwitch || !std::filesystem::exists(switchFile());
    m_snapshot.switchedOn = m_switchedOn;
    connectAgent();
}

LocalAgentControl::~LocalAgentControl() = default;

inspect::TrafficSource& LocalAgentControl::traffic()
{
    return *m_traffic;
}

bool LocalAgentControl::serve()
{
    m_server = std::make_unique<ControlServer>(
        ControlServer::Actions{[this] { return statusToJson(m_agent->status()); },
                               [this] { retryNow(); }, [] { QCoreApplication::quit(); }},
        agentId(m_options.purpose()), this);
    return m_server->listen();
}

void LocalAgentControl::connectAgent()
{
    Agent* agent = m_agent.get();
    const auto soon = [this] { changed(false); };
    connect(agent, &Agent::stateChanged, this, [this](LinkState state) {
        if (state == LinkState::Connected)
            rememberWay();
        changed(true);
    });
    connect(agent, &Agent::tunnelOpened, this,
            [this](const std::string& ref, const std::vector<std::string>& urls) {
                m_opened.emplace_back(ref, urls);
                tunnelsChanged();
            });
    connect(agent, &Agent::tunnelRefused, this, &LocalAgentControl::tunnelsChanged);
    connect(agent, &Agent::tunnelClosed, this, &LocalAgentControl::tunnelsChanged);
    connect(agent, &Agent::upstreamChanged, this,
            [this](const std::string& ref, const std::string& problem) {
                tunnelsChanged();
                emit upstreamChanged(ref, problem);
            });
    connect(agent, &Agent::failed, this, [this](const agent::AgentFailure& failure) {
        changed(true);
        if (failure.kind == agent::AgentFailure::Kind::Credentials)
            emit credentialRefused({failure.problem, failure.text});
    });
    connect(agent, &Agent::connectionStarted, this, soon);
    connect(agent, &Agent::connectionEnded, this, soon);
    connect(agent, &Agent::roundTrip, this, soon);
}

// ---- Configuration ----

void LocalAgentControl::start()
{
    // What is watched may come; its folder must be there for that.
    const std::string accounts = Accounts::usualFile();
    (void)config::makeFolder(accounts.substr(0, accounts.find_last_of("/\\")));
    readAccounts();
    reload();
}

Result<Settings, std::string> LocalAgentControl::load() const
{
    auto settings = loadSettings(m_options.config, m_options.flags);
    if (!settings || m_options.only.empty())
        return settings;
    std::erase_if(settings->config.tunnels, [this](const auto& tunnel) {
        return std::find(m_options.only.begin(), m_options.only.end(), tunnel.first) ==
               m_options.only.end();
    });
    return settings;
}

void LocalAgentControl::reload()
{
    const std::optional<Account> before = credentialInUse();
    readAccounts();
    auto settings = load();
    if (!settings) {
        m_configProblem = settings.error();
        note(observe::Level::Error, (m_settings ? "the new configuration is not used: "
                                                : "the configuration can't be used: ") +
                                        settings.error());
        emit settingsRefused(settings.error());
        watchFiles();
        return changed(true);
    }
    m_configProblem.clear();
    for (const std::string& warning : settings->warnings)
        note(observe::Level::Warning, warning);
    apply(std::move(*settings), before != credentialInUse());
}

void LocalAgentControl::apply(Settings settings, bool credentialsChanged)
{
    const bool first = !m_settings;
    const bool relink = first || credentialsChanged || m_settings->account != settings.account ||
                        config::linkChanged(m_settings->config, settings.config);
    const bool tunnels = first || !(m_settings->config.tunnels == settings.config.tunnels);
    m_settings = std::move(settings);
    watchFiles();
    if (!first)
        note(observe::Level::Info, "configuration read again");
    if (m_options.recordIfConfigured && m_settings->config.capture && !m_traffic->isRecording())
        m_traffic->setRecording(true);
    emit settingsChanged();
    if (relink)
        m_agent->applyOptions(agentOptions());
    else if (tunnels)
        m_agent->applyTunnels(agentOptions().tunnels);
    startIfWanted();
    changed(true);
}

void LocalAgentControl::startIfWanted()
{
    const bool wanted = m_switchedOn && m_settings && m_settings->config.relay;
    const LinkState state = m_agent->state();
    const bool isUp = state == LinkState::Connecting || state == LinkState::Connected ||
                      state == LinkState::Waiting;
    if (wanted && !isUp && state != LinkState::Refused)
        m_agent->start();
    else if (!wanted && (isUp || state == LinkState::Refused))
        m_agent->stop(std::chrono::milliseconds(0));
}

agent::AgentOptions LocalAgentControl::agentOptions()
{
    agent::AgentOptions options;
    if (m_settings) {
        const config::AgentConfig& config = m_settings->config;
        options = agent::optionsFrom(config);
        if (config.relay) {
            options.token = m_tokens.providerFor(*m_settings);
            options.firstWay = readRelayWay(*config.relay);
        }
        options.tokenRenews = TokenSource::renews(config);
    }
    options.id = agentId(m_options.purpose());
    options.probeUpstreams = m_options.probeUpstreams;
    options.log = m_options.log.value_or(m_tail);
    options.watch = m_traffic->watcher();
    options.rememberRequests = m_options.rememberRequests;
    return options;
}

void LocalAgentControl::watchFiles()
{
    std::vector<std::string> files;
    if (m_settings)
        files = m_settings->files;
    else
        files.push_back(configFile(m_options.config));
    files.push_back(Accounts::usualFile());
    m_watcher.watch(files);
}

// Of several ways to the relay the one that works is tried first the next time.
void LocalAgentControl::rememberWay()
{
    const config::AgentConfig& config = m_settings->config;
    if (!config.relay || config.effectiveTransport() != config::Transport::Auto)
        return;
    const agent::Status status = m_agent->status();
    const auto way =
        agent::RelayWay::fromText(status.transport + ":" + std::to_string(status.port));
    if (way && way != readRelayWay(*config.relay))
        writeRelayWay(*config.relay, *way);
}

// ---- What is seen ----

void LocalAgentControl::changed(bool atOnce)
{
    if (!atOnce) {
        if (!m_soon.isActive())
            m_soon.start(Soon);
        return;
    }
    m_soon.stop();
    makeSnapshot();
    const bool moving =
        std::any_of(m_snapshot.tunnels.begin(), m_snapshot.tunnels.end(),
                    [](const TunnelView& view) { return view.status.counters.open > 0; });
    if (moving && !m_moving.isActive())
        m_moving.start(Moving);
    emit snapshotChanged();
    for (const auto& [ref, urls] : std::exchange(m_opened, {}))
        emit tunnelOpened(ref, urls);
}

// A thousand of them change in one turn of the loop when a link comes up, and a snapshot copies
// them all: one is made for each turn.
void LocalAgentControl::tunnelsChanged()
{
    m_soon.start(0);
}

void LocalAgentControl::makeSnapshot()
{
    agent::Status status = m_agent->status();
    Snapshot snapshot;
    snapshot.state = status.state;
    if (m_settings && m_settings->config.relay)
        snapshot.relay = m_settings->config.relay->text();
    snapshot.transport = status.transport;
    snapshot.roundTrip = status.roundTrip;
    snapshot.nextTry = onTheWall(status.nextTry);
    snapshot.failedTries = status.failedTries;
    snapshot.problem = {status.problemCode, status.problem};
    snapshot.configProblem = m_configProblem.empty() ? m_accountsProblem : m_configProblem;
    snapshot.failure = status.failure;
    snapshot.switchedOn = m_switchedOn;
    for (agent::TunnelStatus& tunnel : status.tunnels)
        snapshot.tunnels.push_back({std::move(tunnel), false});
    if (m_settings)
        for (const auto& [ref, tunnel] : m_settings->config.tunnels)
            if (tunnel.paused) {
                TunnelView view;
                view.status.ref = ref;
                view.status.config = tunnel;
                view.paused = true;
                snapshot.tunnels.push_back(std::move(view));
            }
    std::sort(snapshot.tunnels.begin(), snapshot.tunnels.end(),
              [](const TunnelView& a, const TunnelView& b) { return a.status.ref < b.status.ref; });
    m_snapshot = std::move(snapshot);
}

void LocalAgentControl::note(observe::Level level, const std::string& text)
{
    m_tail.write(level, text);
    if (m_options.log)
        m_options.log->write(level, text);
}

void LocalAgentControl::addLogLine(LogLine line)
{
    if (m_log.size() >= m_options.maxLog)
        m_log.erase(m_log.begin());
    m_log.push_back(line);
    emit logged(line);
}

// ---- Commands ----

void LocalAgentControl::setSwitchedOn(bool on, Done done)
{
    m_switchedOn = on;
    if (m_options.rememberSwitch) {
        const std::string path = switchFile();
        Result<void, config::FileError> kept;
        if (on) {
            std::remove(path.c_str());
        } else {
            kept = config::makeFolder(path.substr(0, path.find_last_of("/\\")));
            if (kept)
                kept = config::writeFileAtomically(path, "");
        }
        if (!kept)
            note(observe::Level::Warning,
                 "the switch is not remembered: " + path + " " + config::toText(kept.error()));
    }
    startIfWanted();
    changed(true);
    done({});
}

void LocalAgentControl::stop()
{
    m_switchedOn = false;
    changed(true); // whoever looks on learns that it is on purpose
    m_agent->stop();
}

void LocalAgentControl::retryNow()
{
    m_tokens.lookAgain(); // somebody is there who can unlock a keychain
    if (m_agent->state() == LinkState::Refused && m_switchedOn)
        m_agent->start();
    else
        m_agent->retryNow();
}

void LocalAgentControl::fileChanged(const Result<void, std::string>& edited, const Done& done)
{
    using enum agent::ProblemCode;
    if (!edited)
        return done(Failure(agent::Problem(ConfigNotChanged, edited.error())));
    reload();
    if (!m_configProblem.empty())
        return done(Failure(agent::Problem(ConfigInvalid, m_configProblem)));
    done({});
}

void LocalAgentControl::putTunnel(const std::string& ref, const config::TunnelConfig& tunnel,
                                  Done done)
{
    fileChanged(AgentFile(configFile(m_options.config)).put(ref, tunnel), done);
}

void LocalAgentControl::removeTunnel(const std::string& ref, Done done)
{
    fileChanged(AgentFile(configFile(m_options.config)).remove(ref), done);
}

void LocalAgentControl::setPaused(const std::string& ref, bool paused, Done done)
{
    fileChanged(AgentFile(configFile(m_options.config)).setPaused(ref, paused), done);
}

} // namespace sallyport::control
