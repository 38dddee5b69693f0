// The agent of this process: the engine, its configuration, accounts, tokens and traffic, joined as
// one AgentControl. Makes and keeps up to date what `sallyport up` and the desktop app have in
// common.
//
// It watches agent.yaml, what belongs to it, and accounts.yaml; each change is taken up, and what
// can't be used is left aside with a line in the log. Whether it is switched on is remembered in
// the state folder.
//
// Bounded: MaxLog lines; snapshots are told of at most ten times a second.
//
// Make it by openAgentControl(), which sees to it that an identity is used once.
#pragma once

#include <sallyport/agent/agent.h>
#include <sallyport/config/file_watcher.h>
#include <sallyport/control/accounts.h>
#include <sallyport/control/agent_control.h>
#include <sallyport/control/agent_lock.h>
#include <sallyport/control/credential.h>
#include <sallyport/control/narrator.h>
#include <sallyport/control/relay_trial.h>
#include <sallyport/control/secret_stores.h>
#include <sallyport/control/settings.h>
#include <sallyport/control/token_source.h>
#include <sallyport/inspect/capture_settings.h>

#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::inspect {
class LocalTraffic;
}

namespace sallyport::control {

class ControlServer;

struct AgentControlOptions
{
    // Of agent.yaml; empty: the usual place.
    std::string config;
    std::vector<config::Flag> flags;
    std::vector<std::string> only; // these tunnels of it; empty: all
    // Of traffic; an empty folder: a usual one of this agent's own.
    inspect::CaptureSettings capture;
    bool recordIfConfigured = false; // `inspect.capture` of agent.yaml switches it on
    bool rememberSwitch = true;      // else it is switched on at each start
    bool preferFile = false;         // tokens: a file, without asking for a keychain
    uint32_t rememberRequests = 0;   // see AgentOptions
    std::chrono::milliseconds probeUpstreams{10'000};
    std::vector<LogLine>::size_type maxLog = 1000;
    // Where else lines go that are not about the agent itself (a Narrator tells of that).
    std::optional<observe::Log> log;

    // The agent's id at the relay depends on it: "up /home/ann/.config/sallyport/agent.yaml".
    std::string purpose() const;
};

class LocalAgentControl final : public AgentControl
{
    Q_OBJECT

public:
    LocalAgentControl(AgentControlOptions options, std::unique_ptr<AgentLock> lock);
    ~LocalAgentControl() override;

    // Reads the configuration and, where it is switched on and a relay is known, connects. A
    // configuration that can't be used is a problem in the snapshot and mended by a change of it.
    void start();
    // Reads it again, as when it changed.
    void reload();
    // Answers on the usual control socket until it goes: for programs that have no other. A
    // client's `stop` quits the application. False when there is no place for a socket.
    bool serve();
    // Lets standing connections end; then Agent::stopped().
    // The switch as it is remembered stays.
    void stop();

    agent::Agent& agent() { return *m_agent; }
    const std::optional<Settings>& settings() const { return m_settings; }

    Place place() const override { return Place::InProcess; }
    const Snapshot& snapshot() const override { return m_snapshot; }
    const std::vector<LogLine>& log() const override { return m_log; }
    inspect::TrafficSource& traffic() override;
    void setSwitchedOn(bool on, Done done) override;
    void retryNow() override;
    void putTunnel(const std::string& ref, const config::TunnelConfig& tunnel, Done done) override;
    void removeTunnel(const std::string& ref, Done done) override;
    void setPaused(const std::string& ref, bool paused, Done done) override;
    const std::vector<Account>& accounts() const override { return m_accounts; }
    void addAccount(const NewAccount& account, Done done) override;
    void testAccount(const std::string& id, Done done) override;
    void useAccount(const std::string& id, Done done) override;
    void renameAccount(const std::string& id, const std::string& label, Done done) override;
    void moveToKeychain(const std::string& id, Done done) override;
    void removeAccount(const std::string& id, Done done) override;
    void checkAddress(const config::TunnelConfig& tunnel,
                      std::function<void(Result<AddressCheck, agent::Problem>)> done) override;

signals:
    // Taken up; see settings().
    void settingsChanged();
    // Not taken up: a sentence.
    void settingsRefused(const std::string& problem);

private:
    agent::AgentOptions agentOptions();
    Result<Settings, std::string> load() const;
    void connectAgent();
    void apply(Settings settings, bool credentialsChanged);
    void startIfWanted();
    void readAccounts();
    void lookForKeychain();
    void watchFiles();
    void rememberWay();
    void changed(bool atOnce);
    void tunnelsChanged();
    void makeSnapshot();
    void note(observe::Level level, const std::string& text);
    void addLogLine(LogLine line);
    void fileChanged(const Result<void, std::string>& edited, const Done& done);
    void chooseAccount(const Credential& credential, KnownAccount known, bool replaces,
                       const Done& done);
    void keepAccount(const Credential& credential, KnownAccount known, const Done& done);
    void tryAccount(const Credential& credential, const std::string& identity, Done done);
    enum class Link { Keep, Renew }; // where the account in use stays the same
    Result<void, std::string>
    changeAccounts(Link link, const std::function<Result<void, std::string>(Accounts&)>& change);
    // What a link to the relay depends on.
    std::optional<Account> credentialInUse() const;
    // Nothing where the configuration lets the accounts choose the relay.
    std::string fixedRelay() const;

    AgentControlOptions m_options;
    std::unique_ptr<AgentLock> m_lock;
    std::unique_ptr<inspect::LocalTraffic> m_traffic;
    std::vector<LogLine> m_log;
    observe::Log m_tail;
    std::optional<Settings> m_settings;
    std::string m_configProblem;
    std::vector<Account> m_accounts;
    std::string m_accountsProblem;
    bool m_keychainIsThere = false; // as far as it was looked for
    bool m_keepsAccount = false;    // and waits for the secret store
    TokenSource m_tokens;
    SecretStores m_stores;
    config::FileWatcher m_watcher;
    std::unique_ptr<agent::Agent> m_agent;
    std::unique_ptr<Narrator> m_narrator;
    std::unique_ptr<RelayTrial> m_trial;
    Done m_trialDone;
    Snapshot m_snapshot;
    std::vector<std::pair<std::string, std::vector<std::string>>> m_opened; // not told of yet
    QTimer m_soon;   // a change that can wait
    QTimer m_moving; // while bytes may be passing
    bool m_switchedOn = true;
    std::unique_ptr<ControlServer> m_server; // goes first: its clients look at the rest
};

} // namespace sallyport::control
