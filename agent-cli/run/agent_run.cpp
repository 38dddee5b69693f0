#include "agent_run.h"

#include "commands/exit_code.h"
#include "commands/say.h"
#include "screen/live_screen.h"
#include "unix_signals.h"

#include <sallyport/agent/agent.h>
#include <sallyport/control/control_server.h>
#include <sallyport/control/narrator.h>
#include <sallyport/control/status_json.h>
#include <sallyport/control/token_source.h>
#include <sallyport/observe/qt_messages.h>
#include <sallyport/observe/sinks.h>

#include <QCoreApplication>
#include <QTimer>

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace sallyport::cli {

namespace {

observe::Level levelOf(config::LogLevel level)
{
    switch (level) {
    case config::LogLevel::Debug:
        return observe::Level::Debug;
    case config::LogLevel::Info:
        return observe::Level::Info;
    case config::LogLevel::Warning:
        return observe::Level::Warning;
    case config::LogLevel::Error:
        return observe::Level::Error;
    }
    return observe::Level::Info;
}

// Requests that the screen can scroll through its lines.
constexpr uint32_t ShownRequests = 100;

// With the screen there are no log lines: they would tear it.
observe::Log makeLog(const config::LogConfig& config, bool screen)
{
    if (screen)
        return observe::Log();
    observe::Format format =
        config.format == config::LogFormat::Json ? observe::Format::Json : observe::Format::Text;
    if (format == observe::Format::Text && observe::standardErrorIsJournal())
        format = observe::Format::Journal;
    return observe::Log(observe::queuedSink(observe::standardErrorSink()), format,
                        levelOf(config.level));
}

std::string alreadyRuns(long pid, const std::string& configFile)
{
    return "an agent runs with " + configFile + " already" +
           (pid > 0 ? ", process " + std::to_string(pid) : "") +
           ": `sallyport status` shows it; stop it first, or give --config another file";
}

class AgentRun
{
public:
    AgentRun(const RunPlan& plan, control::Settings settings,
             std::unique_ptr<control::AgentLock> lock)
        : m_plan(plan),
          m_lock(std::move(lock)),
          m_settings(std::move(settings)),
          m_useScreen(!plan.globals.noUi && Terminal::isUsable()),
          m_log(makeLog(m_settings.config.log, m_useScreen)),
          m_qtMessages(m_log),
          m_signals([this](int number) { onSignal(number); })
    {}

    int run();

private:
    agent::AgentOptions options();
    void makeAgent();
    void makeControlledAgent();
    void start();
    void startWithToken();
    void listenForControl();
    void warn(const std::string& message);
    void connectAgent();
    void onSignal(int number);
    void stop();
    void rememberWay();
    void onState(agent::LinkState state);
    void onRefused(const std::string& ref);
    void reload();
    void leave(int code);

    const RunPlan& m_plan;
    std::unique_ptr<control::AgentLock> m_lock;
    control::Settings m_settings;
    bool m_useScreen;
    observe::Log m_log;
    observe::QtMessageBridge m_qtMessages;
    UnixSignals m_signals;
    control::TokenSource m_tokens;
    std::unique_ptr<control::LocalAgentControl> m_local; // with a configuration's tunnels
    std::unique_ptr<agent::Agent> m_own;                 // with that of the command line
    agent::Agent* m_agent = nullptr;                     // one of these
    std::unique_ptr<control::Narrator> m_narrator;
    std::unique_ptr<LiveScreen> m_screen;
    std::unique_ptr<control::ControlServer> m_control;
    std::string m_lastWords; // said when the screen is gone
    bool m_stopping = false;
    bool m_wasOpen = false; // a tunnel, at any time
};

int AgentRun::run()
{
    if (m_plan.control)
        makeControlledAgent();
    else
        makeAgent();
    m_narrator = std::make_unique<control::Narrator>(*m_agent, m_log);
    connectAgent();
    if (m_useScreen)
        m_screen = std::make_unique<LiveScreen>(*m_agent);
    if (!m_local)
        for (const std::string& warning : m_settings.warnings)
            warn(warning);
    if (!m_local)
        listenForControl();
    // From inside the loop, so that leave() finds it running.
    QTimer::singleShot(0, m_agent, [this] { startWithToken(); });
    const int code = QCoreApplication::exec();
    m_screen.reset();
    m_control.reset();
    m_narrator.reset();
    m_local.reset();
    m_own.reset();
    m_log.flush();
    say(m_lastWords);
    return code;
}

void AgentRun::makeAgent()
{
    m_own = std::make_unique<agent::Agent>(options());
    m_agent = m_own.get();
}

void AgentRun::makeControlledAgent()
{
    control::AgentControlOptions options = *m_plan.control;
    options.log = m_log;
    options.rememberSwitch = false;
    options.rememberRequests = m_useScreen ? ShownRequests : 0;
    options.probeUpstreams = std::chrono::seconds(10);
    using Local = control::LocalAgentControl;
    m_local = std::make_unique<Local>(std::move(options), std::move(m_lock));
    m_agent = &m_local->agent();
    QObject::connect(m_local.get(), &Local::settingsChanged, m_agent, [this] {
        m_settings = *m_local->settings();
        m_log.setLevel(levelOf(m_settings.config.log.level));
        for (const std::string& warning : m_settings.warnings)
            if (m_screen)
                m_screen->say(warning);
    });
    QObject::connect(m_local.get(), &Local::settingsRefused, m_agent,
                     [this](const std::string& problem) {
                         if (m_screen)
                             m_screen->say("the new configuration is not used: " + problem);
                     });
}

void AgentRun::listenForControl()
{
    m_control = std::make_unique<control::ControlServer>(
        control::ControlServer::Actions{[this] { return control::statusToJson(m_agent->status()); },
                                        [this] { m_agent->retryNow(); }, [this] { stop(); }},
        control::agentId(m_plan.purpose), m_local.get());
    if (!m_control->listen())
        m_log.warning("no control socket: `sallyport status` will not find this agent");
}

void AgentRun::warn(const std::string& message)
{
    m_log.warning(message);
    if (m_screen)
        m_screen->say(message);
}

void AgentRun::start()
{
    if (!m_local)
        return m_agent->start();
    m_local->start();
    listenForControl(); // whoever looks on finds what is configured, not an agent without a relay
}

// Once before the first link: without a token there is nothing to try.
void AgentRun::startWithToken()
{
    if (!m_settings.config.identity.certificate.empty())
        return start();
    // A program is run when the relay is there to be asked.
    if (!m_settings.config.credentials.command.empty())
        return start();
    m_tokens.providerFor(m_settings)({}, [this](Result<Secret, std::string> token) {
        if (token)
            return start();
        m_lastWords = token.error();
        leave(Usage);
    });
}

agent::AgentOptions AgentRun::options()
{
    agent::AgentOptions options = agent::optionsFrom(m_settings.config);
    options.id = control::agentId(m_plan.purpose);
    options.log = m_log;
    options.token = m_tokens.providerFor(m_settings);
    if (m_settings.config.relay)
        options.firstWay = control::readRelayWay(*m_settings.config.relay);
    options.tokenRenews = control::TokenSource::renews(m_settings.config);
    options.rememberRequests = m_useScreen ? ShownRequests : 0;
    return options;
}

void AgentRun::connectAgent()
{
    using agent::Agent;
    Agent* agent = m_agent;
    QObject::connect(agent, &Agent::stateChanged, agent,
                     [this](agent::LinkState state) { onState(state); });
    QObject::connect(agent, &Agent::tunnelOpened, agent, [this] { m_wasOpen = true; });
    QObject::connect(agent, &Agent::tunnelRefused, agent,
                     [this](const std::string& ref) { onRefused(ref); });
    QObject::connect(agent, &Agent::failed, agent, [this](const agent::AgentFailure& failure) {
        if (m_useScreen)
            m_lastWords = failure.text;
        leave(failure.kind == agent::AgentFailure::Kind::Options ? Usage : Credentials);
    });
    // One that is switched off by a client stays, to be switched on again.
    QObject::connect(agent, &Agent::stopped, agent, [this] {
        if (m_stopping)
            leave(Fine);
    });
}

// Of several ways to the relay the one that works is tried first the next time.
void AgentRun::rememberWay()
{
    const config::AgentConfig& config = m_settings.config;
    if (!config.relay || config.effectiveTransport() != config::Transport::Auto)
        return;
    const agent::Status status = m_agent->status();
    const auto way =
        agent::RelayWay::fromText(status.transport + ":" + std::to_string(status.port));
    if (way && way != control::readRelayWay(*config.relay))
        control::writeRelayWay(*config.relay, *way);
}

void AgentRun::onState(agent::LinkState state)
{
    if (state == agent::LinkState::Connected && !m_local)
        rememberWay();
    if (m_plan.globals.noRetry && state == agent::LinkState::Waiting && !m_stopping) {
        m_lastWords = m_agent->status().problem;
        leave(Unreachable);
    }
}

// A command for one tunnel has nothing left to do when that one can't be had: for good, or because
// somebody else has its address. One that was held before is waited for.
void AgentRun::onRefused(const std::string& ref)
{
    if (m_local)
        return;
    for (const agent::TunnelStatus& tunnel : m_agent->status().tunnels) {
        const bool othersAddress = !m_wasOpen && tunnel.refusalCode.ends_with("_taken");
        if (tunnel.ref == ref && (tunnel.refusalIsFinal || othersAddress)) {
            m_lastWords = tunnel.refusalText;
            leave(Credentials);
        }
    }
}

void AgentRun::onSignal(int number)
{
    switch (number) {
    case SIGHUP:
        // The terminal is gone: nobody sees this agent any more.
        if (m_screen && !Terminal::isUsable())
            return stop();
        return reload();
    case SIGWINCH:
        if (m_screen)
            m_screen->resized();
        return;
    case SIGTSTP:
        if (m_screen)
            m_screen->stoppedByShell();
        else
            std::raise(SIGSTOP);
        return;
    default:
        return stop();
    }
}

void AgentRun::stop()
{
    if (std::exchange(m_stopping, true))
        return leave(Fine);
    m_log.info("stopping; standing connections may end within 10 s");
    if (m_screen)
        m_screen->say("stopping; standing connections may end within 10 s (Ctrl+C again: at once)");
    if (m_local)
        m_local->stop();
    else
        m_agent->stop();
}

void AgentRun::reload()
{
    if (m_local)
        return m_local->reload();
    auto settings = m_plan.load();
    if (!settings) {
        m_log.error("the new configuration is not used: " + settings.error());
        if (m_screen)
            m_screen->say("the new configuration is not used: " + settings.error());
        return;
    }
    for (const std::string& warning : settings->warnings)
        warn(warning);
    const bool relink = m_settings.account != settings->account ||
                        config::linkChanged(m_settings.config, settings->config);
    m_settings = std::move(*settings);
    m_log.setLevel(levelOf(m_settings.config.log.level));
    m_log.info("configuration read again");
    if (relink)
        m_agent->applyOptions(options());
    else
        m_agent->applyTunnels(options().tunnels);
}

void AgentRun::leave(int code)
{
    QCoreApplication::exit(code);
}

} // namespace

// Until whoever has it ends; a signal ends the waiting with the program.
static Result<std::unique_ptr<control::AgentLock>, control::AgentLock::Held>
takeLock(const RunPlan& plan)
{
    const std::string id = control::agentId(plan.purpose);
    for (bool said = false;; said = true) {
        auto taken = control::AgentLock::take(id);
        if (taken || !plan.wait)
            return taken;
        if (!said)
            say("process " + std::to_string(taken.error().pid) +
                " runs this agent: waiting for its end");
        std::this_thread::sleep_for(std::chrono::seconds(1));
    }
}

int runAgent(const RunPlan& plan)
{
    std::unique_ptr<control::AgentLock> lock;
    if (plan.control && plan.wait) // what is configured then counts
        if (auto taken = takeLock(plan))
            lock = std::move(*taken);
    auto settings = plan.load();
    if (!settings)
        return complain(Usage, settings.error());
    if (!settings->config.relay)
        return complain(Usage, "no relay is given: use `sallyport login`, --relay, SALLYPORT_RELAY "
                               "or `relay:` in " +
                                   settings->configFile);
    if (plan.control && !lock) {
        auto taken = takeLock(plan);
        if (!taken)
            return complain(Usage, alreadyRuns(taken.error().pid, settings->configFile));
        lock = std::move(*taken);
    }
    return AgentRun(plan, std::move(*settings), std::move(lock)).run();
}

} // namespace sallyport::cli
