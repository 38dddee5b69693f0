// The agent: keeps a link to a relay, publishes tunnels through it, and carries their visitors to
// local services or into this program.
//
//     AgentOptions options;
//     options.relay = *config::RelayAddress::parse("tunnel.example.com");
//     options.token = fixedToken(token);
//     options.id = "billing-7";
//     options.tunnels["web"].config = *webTunnel;          // or .handler, see connect_handler.h
//     Agent agent(options);
//     QObject::connect(&agent, &Agent::tunnelOpened, ...);
//     agent.start();
//
// It reconnects for ever, with growing waits, and at once when the network comes back. It gives up
// only when trying again can't help, and then says so by failed().
//
// Threads: everything happens on the thread it is made on, which needs a running Qt event loop
// (net::EpollDispatcher is the fastest; any will do). Nothing blocks. Lifetime: signals may be
// answered by calls to the agent, but not by deleting it: use deleteLater(). Deleting it cuts all
// connections; stop() lets them end first.
#pragma once

#include <sallyport/agent/options.h>
#include <sallyport/agent/status.h>

#include <QObject>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::agent {

// The version of this library and its programs, "0.1.0".
std::string_view version();

class Agent final : public QObject
{
    Q_OBJECT

public:
    explicit Agent(AgentOptions options, QObject* parent = nullptr);
    ~Agent() override;

    // Once; also after stopped() or failed(), to try anew.
    void start();
    // Closes the tunnels to new visitors, waits until the standing connections have ended, at most
    // `drain`, and cuts the rest. Zero cuts at once. stopped() follows, perhaps inside the call.
    void stop(std::chrono::milliseconds drain = std::chrono::seconds(10));

    // The tunnels from now on. Only what differs is touched: a tunnel whose upstream or handler
    // alone changed stays open, and standing connections go on as they began.
    void applyTunnels(TunnelSpecs tunnels);
    // Everything else (relay, credentials, timing): connects anew. Tunnels are applied as above.
    void applyOptions(AgentOptions options);
    // Whether the relay would give this tunnel's addresses now, without claiming them. Answers
    // once, later or at once, not when the agent was deleted; an error is a sentence. At most
    // MaxChecks at once.
    struct CheckedTunnel
    {
        bool free = false;
        std::vector<std::string> urls; // empty where the relay would choose
        Problem reason;                // where it is not free
    };
    using Checked = std::function<void(Result<CheckedTunnel, Problem>)>;
    static constexpr size_t MaxChecks = 16;
    void checkTunnel(const config::TunnelConfig& tunnel, Checked checked);
    // Does not wait for the next try.
    void retryNow();

    LinkState state() const;
    Status status() const;
    // What is wanted of one tunnel: for a look at it alone, since status() copies them all.
    std::optional<config::TunnelConfig> tunnel(const std::string& ref) const;
    // The last ones, oldest first (AgentOptions::rememberRequests).
    std::vector<RequestRecord> requests() const;

signals:
    void stateChanged(LinkState state);
    void tunnelOpened(const std::string& ref, const std::vector<std::string>& urls);
    void tunnelRefused(const std::string& ref, const std::string& code, const std::string& message);
    void tunnelClosed(const std::string& ref);
    // `problem` is empty when the upstream is back.
    void upstreamChanged(const std::string& ref, const std::string& problem);
    void connectionStarted(const IncomingConnection& connection);
    void connectionEnded(const std::string& tunnel);
    void requestsChanged();
    void roundTrip(std::chrono::nanoseconds time);
    // A sentence of the relay's for people.
    void noticed(const std::string& message, bool warning);
    // A sentence of our own for people, such as that the certificate was renewed.
    void remarked(const std::string& text, bool warning);
    // Gave up; state() is Refused.
    void failed(const AgentFailure& failure);
    void stopped();

private:
    class Engine;
    std::unique_ptr<Engine> m_engine;
};

} // namespace sallyport::agent
