// The agent as a person's program sees it: what it does now, and what it can be told. Implemented
// by the agent of this process (LocalAgentControl), by one that runs as a service and is spoken to
// over its control socket (RemoteAgentControl), and by the demonstration's.
//
// Threads: that of the object. Every command answers by `done`, once, later or at once; never after
// the object was destroyed. Errors have a code, and a sentence in English that says the way out.
#pragma once

#include <sallyport/agent/status.h>
#include <sallyport/base/result.h>
#include <sallyport/config/tunnel_config.h>
#include <sallyport/control/account.h>

#include <QObject>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::inspect {
class TrafficSource;
}

namespace sallyport::control {

struct TunnelView
{
    agent::TunnelStatus status;
    bool paused = false; // kept in the configuration, but not published
};

// Everything at a moment.
struct Snapshot
{
    agent::LinkState state = agent::LinkState::Offline;
    std::string relay;     // as configured; empty: none yet
    std::string transport; // while connected
    std::optional<Duration> roundTrip;
    std::optional<std::chrono::system_clock::time_point> nextTry; // while waiting
    uint32_t failedTries = 0;
    agent::Problem problem;                     // why the last try failed or the last link ended
    std::optional<agent::AgentFailure> failure; // with Refused
    // While the configuration or the list of accounts can't be used: a line for each problem. What
    // was read before stays in force.
    std::string configProblem;
    std::vector<TunnelView> tunnels; // in the order of their refs
    bool switchedOn = false;         // the master switch
};

struct LogLine
{
    std::chrono::system_clock::time_point time;
    bool warning = false;
    std::string text;
};

class AgentControl : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(Result<void, agent::Problem>)>;
    enum class Place : uint8_t {
        InProcess,
        Service,  // another process of this computer
        Detached, // that process is away; commands fail, and it is looked for
    };

    using QObject::QObject;

    virtual Place place() const = 0;
    virtual const Snapshot& snapshot() const = 0;
    // The last 1,000, oldest first.
    virtual const std::vector<LogLine>& log() const = 0;
    virtual inspect::TrafficSource& traffic() = 0;

    // The master switch; remembered.
    virtual void setSwitchedOn(bool on, Done done) = 0;
    virtual void retryNow() = 0;

    // While Detached: whether this process runs the agent itself soon, and the command to do so
    // now, which fails while another process still has the identity.
    virtual bool takesOver() const { return false; }
    virtual void takeOver(Done done) { done({}); }
    // While InProcess: ends the agent of this process, so that a service which waits for its place
    // has it, and looks for that one. What visitors have open ends.
    virtual void standAside() {}

    // Adds, or replaces under the same ref; written to agent.yaml, whose other lines stay.
    virtual void putTunnel(const std::string& ref, const config::TunnelConfig& tunnel,
                           Done done) = 0;
    virtual void removeTunnel(const std::string& ref, Done done) = 0;
    virtual void setPaused(const std::string& ref, bool paused, Done done) = 0;

    // Relays this computer has a credential for; one is in use.
    virtual const std::vector<Account>& accounts() const = 0;
    // Tries the credential first; nothing is kept when that fails. The account is put in use: a new
    // one, the one that `replaces` names, or the one of this relay that has this token already.
    virtual void addAccount(const NewAccount& account, Done done) = 0;
    virtual void testAccount(const std::string& id, Done done) = 0;
    virtual void useAccount(const std::string& id, Done done) = 0;
    virtual void renameAccount(const std::string& id, const std::string& label, Done done) = 0;
    // A token that lies in the file; verified before it leaves it.
    virtual void moveToKeychain(const std::string& id, Done done) = 0;
    virtual void removeAccount(const std::string& id, Done done) = 0;

    // Whether the relay would give this name or hostname: `reason` is empty when it would.
    virtual void checkAddress(const config::TunnelConfig& tunnel,
                              std::function<void(Result<AddressCheck, agent::Problem>)> done) = 0;

signals:
    void placeChanged();
    // At most 10 times a second; state changes at once.
    void snapshotChanged();
    void accountsChanged();
    void logged(const sallyport::control::LogLine& line);
    // For notifications.
    void tunnelOpened(const std::string& ref, const std::vector<std::string>& urls);
    void upstreamChanged(const std::string& ref, const std::string& problem);
    void credentialRefused(const sallyport::agent::Problem& reason);
};

} // namespace sallyport::control
