// An agent that runs in another process of this user, over its control socket. Finds the one with
// the given id, and again when it was restarted; meanwhile it is Place::Detached, keeps showing
// what was last known with the state Offline, and commands fail.
//
// A service that starts before anybody logs in has no keychain (handed_tokens.h): a token that it
// took is kept in this process's, and one that it gave up is removed from there.
//
// Threads: one with an event loop.
#pragma once

#include <sallyport/control/agent_control.h>
#include <sallyport/control/secret_stores.h>

#include <QTimer>

#include <functional>
#include <memory>
#include <string>
#include <vector>

class QJsonObject;

namespace sallyport::control {

class ControlLink;
class RemoteTraffic;

class RemoteAgentControl final : public AgentControl
{
    Q_OBJECT

public:
    using Places = std::function<std::vector<std::string>()>;

    static constexpr size_t MaxLog = 1000;

    // `agentId`: see agentId(). `places`: the sockets to look at; the usual ones by default.
    explicit RemoteAgentControl(std::string agentId, Places places = {},
                                std::chrono::milliseconds lookAgain = std::chrono::seconds(1));
    ~RemoteAgentControl() override;

    // What is shown until it is found: that of the agent whose place it takes.
    void showAtFirst(const AgentControl& before);

    // Of the agent; 0 while it is away.
    qint64 pid() const { return m_pid; }

    Place place() const override { return m_attached ? Place::Service : Place::Detached; }
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

private:
    void look();
    void tryNext();
    void greet();
    void attach(qint64 pid);
    void lost();
    void fade();
    void handle(const QJsonObject& event);
    void takeLog(const QJsonObject& event);
    void command(const QJsonObject& request, Done done);
    void keepToken(const NewAccount& account, const Done& done);

    std::string m_agentId;
    Places m_places;
    std::vector<std::string> m_candidates; // not looked at yet
    std::unique_ptr<ControlLink> m_link;
    std::unique_ptr<RemoteTraffic> m_traffic;
    SecretStores m_stores;
    QTimer m_again;
    bool m_attached = false;
    bool m_hasHandedTokens = false; // it has, and so no keychain
    qint64 m_pid = 0;
    Snapshot m_snapshot;
    std::vector<LogLine> m_log;
    std::vector<Account> m_accounts;
};

} // namespace sallyport::control
