#include "control_json.h"
#include "control_link.h"
#include "remote_traffic.h"

#include <sallyport/control/accounts.h>
#include <sallyport/control/credential.h>
#include <sallyport/control/handed_tokens.h>
#include <sallyport/control/remote_agent_control.h>
#include <sallyport/control/settings.h>
#include <sallyport/control/socket_paths.h>

#include <algorithm>
#include <utility>

namespace sallyport::control {

RemoteAgentControl::RemoteAgentControl(std::string agentId, Places places,
                                       std::chrono::milliseconds lookAgain)
    : m_agentId(std::move(agentId)),
      m_places(places ? std::move(places) : Places(controlSockets)),
      m_traffic(std::make_unique<RemoteTraffic>())
{
    m_again.setSingleShot(true);
    m_again.setInterval(lookAgain);
    connect(&m_again, &QTimer::timeout, this, &RemoteAgentControl::look);
    QTimer::singleShot(0, this, &RemoteAgentControl::look);
}

RemoteAgentControl::~RemoteAgentControl() = default;

inspect::TrafficSource& RemoteAgentControl::traffic()
{
    return *m_traffic;
}

// ---- Finding it ----

void RemoteAgentControl::look()
{
    m_candidates = m_places();
    tryNext();
}

void RemoteAgentControl::tryNext()
{
    m_link.reset();
    if (m_candidates.empty())
        return m_again.start();
    m_link = std::make_unique<ControlLink>(m_candidates.back());
    m_candidates.pop_back();
    connect(m_link.get(), &ControlLink::up, this, &RemoteAgentControl::greet);
    // Not inside its own signal.
    connect(m_link.get(), &ControlLink::down, this, &RemoteAgentControl::lost,
            Qt::QueuedConnection);
}

void RemoteAgentControl::greet()
{
    m_link->request({{"type", "hello"}, {"protocol", 1}},
                    [this](const Result<QJsonObject, agent::Problem>& hello) {
                        const bool ours = hello && json::toStd((*hello)["agent_id"]) == m_agentId &&
                                          (*hello)["control"].toBool();
                        m_hasHandedTokens = ours && (*hello)["handed_tokens"].toBool();
                        if (ours)
                            return attach((*hello)["pid"].toInteger());
                        QMetaObject::invokeMethod(
                            this, [this] { tryNext(); }, Qt::QueuedConnection);
                    });
}

void RemoteAgentControl::attach(qint64 pid)
{
    m_pid = pid;
    m_log.clear();
    connect(m_link.get(), &ControlLink::eventArrived, this, &RemoteAgentControl::handle);
    m_link->request(m_traffic->subscription(), [](const Result<QJsonObject, agent::Problem>&) {});
}

void RemoteAgentControl::lost()
{
    if (!std::exchange(m_attached, false))
        return tryNext();
    m_pid = 0;
    m_traffic->setLink(nullptr);
    m_link.reset();
    fade();
    emit placeChanged();
    emit snapshotChanged();
    m_again.start();
}

void RemoteAgentControl::fade()
{
    m_snapshot.state = agent::LinkState::Offline;
    m_snapshot.roundTrip.reset();
    for (TunnelView& view : m_snapshot.tunnels) {
        view.status.state = agent::TunnelState::Pending;
        view.status.counters.open = 0;
    }
}

void RemoteAgentControl::showAtFirst(const AgentControl& before)
{
    m_snapshot = before.snapshot();
    m_accounts = before.accounts();
    fade();
}

// ---- What it tells ----

void RemoteAgentControl::handle(const QJsonObject& event)
{
    const QString type = event["type"].toString();
    if (type == "snapshot") {
        m_snapshot = json::toSnapshot(event["snapshot"].toObject());
        emit snapshotChanged();
    } else if (type == "accounts") {
        m_accounts = json::toAccounts(event["accounts"].toArray());
        emit accountsChanged();
    } else if (type == "log") {
        takeLog(event);
        if (!std::exchange(m_attached, true)) { // the last of what there is at first
            m_traffic->setLink(m_link.get());
            emit placeChanged();
        }
    } else if (type == "tunnel_opened") {
        std::vector<std::string> urls;
        for (const QJsonValue& url : event["urls"].toArray())
            urls.push_back(json::toStd(url));
        emit tunnelOpened(json::toStd(event["ref"]), urls);
    } else if (type == "upstream_changed") {
        emit upstreamChanged(json::toStd(event["ref"]), json::toStd(event["problem"]));
    } else if (type == "credential_refused") {
        emit credentialRefused(json::toProblem(event["reason"], event["code"]));
    } else {
        m_traffic->handle(event);
    }
}

void RemoteAgentControl::takeLog(const QJsonObject& event)
{
    for (const QJsonValue& value : event["lines"].toArray()) {
        const LogLine line = json::toLogLine(value.toObject());
        if (m_log.size() >= MaxLog)
            m_log.erase(m_log.begin());
        m_log.push_back(line);
        emit logged(line);
    }
}

// ---- Commands ----

void RemoteAgentControl::command(const QJsonObject& request, Done done)
{
    if (!m_attached)
        return done(Failure(
            agent::Problem(agent::ProblemCode::ServiceAway,
                           "the agent that runs as a service is not reachable right now: it is "
                           "being looked for")));
    m_link->request(request,
                    [done = std::move(done)](const Result<QJsonObject, agent::Problem>& got) {
                        if (got)
                            done({});
                        else
                            done(Failure(got.error()));
                    });
}

void RemoteAgentControl::setSwitchedOn(bool on, Done done)
{
    command({{"type", "switch"}, {"on", on}}, std::move(done));
}

void RemoteAgentControl::retryNow()
{
    command({{"type", "retry"}}, [](const Result<void, agent::Problem>&) {});
}

void RemoteAgentControl::putTunnel(const std::string& ref, const config::TunnelConfig& tunnel,
                                   Done done)
{
    command(
        {{"type", "tunnel.put"}, {"ref", json::text(ref)}, {"tunnel", json::fromTunnel(tunnel)}},
        std::move(done));
}

void RemoteAgentControl::removeTunnel(const std::string& ref, Done done)
{
    command({{"type", "tunnel.remove"}, {"ref", json::text(ref)}}, std::move(done));
}

void RemoteAgentControl::setPaused(const std::string& ref, bool paused, Done done)
{
    command({{"type", "tunnel.pause"}, {"ref", json::text(ref)}, {"paused", paused}},
            std::move(done));
}

void RemoteAgentControl::addAccount(const NewAccount& account, Done done)
{
    command({{"type", "account.add"},
             {"label", json::text(account.label)},
             {"join_line", json::text(account.joinLine.reveal())},
             {"relay", json::text(account.relay)},
             {"pin", json::text(account.pin)},
             {"token", json::text(account.token.reveal())},
             {"replaces", json::text(account.replaces)}},
            [this, account, done = std::move(done)](Result<void, agent::Problem> added) {
                if (!added || !m_hasHandedTokens)
                    return done(std::move(added));
                keepToken(account, done);
            });
}

void RemoteAgentControl::keepToken(const NewAccount& account, const Done& done)
{
    const auto credential = credentialFrom(account);
    const auto accounts = Accounts::read();
    if (!credential || !accounts)
        return done({}); // the service took it: it knows better
    // Which account it became the service has written down.
    const std::string mark = tokenMark(credential->token);
    const auto& all = accounts->list();
    const auto known = std::find_if(all.begin(), all.end(), [&](const KnownAccount& one) {
        return one.tokenMark == mark && relayKey(one.relay) == relayKey(credential->relay);
    });
    if (known == all.end())
        return done({});
    m_stores.lookAgain();
    m_stores.keep(known->id(), credential->token, false,
                  [done](const Result<SecretStores::Kept, secrets::SecretError>& kept) {
                      if (!kept)
                          return done(Failure(problemOf(kept.error())));
                      done({});
                  });
}

void RemoteAgentControl::testAccount(const std::string& id, Done done)
{
    command({{"type", "account.test"}, {"account", json::text(id)}}, std::move(done));
}

void RemoteAgentControl::useAccount(const std::string& id, Done done)
{
    command({{"type", "account.use"}, {"account", json::text(id)}}, std::move(done));
}

void RemoteAgentControl::renameAccount(const std::string& id, const std::string& label, Done done)
{
    command({{"type", "account.rename"}, {"account", json::text(id)}, {"label", json::text(label)}},
            std::move(done));
}

void RemoteAgentControl::moveToKeychain(const std::string& id, Done done)
{
    command({{"type", "account.keychain"}, {"account", json::text(id)}}, std::move(done));
}

void RemoteAgentControl::removeAccount(const std::string& id, Done done)
{
    command({{"type", "account.remove"}, {"account", json::text(id)}},
            [this, id, done = std::move(done)](Result<void, agent::Problem> removed) {
                if (!removed || !m_hasHandedTokens)
                    return done(std::move(removed));
                m_stores.remove(id, [done](const Result<void, secrets::SecretError>& forgotten) {
                    if (!forgotten)
                        return done(Failure(problemOf(forgotten.error())));
                    done({});
                });
            });
}

void RemoteAgentControl::checkAddress(
    const config::TunnelConfig& tunnel,
    std::function<void(Result<AddressCheck, agent::Problem>)> done)
{
    if (!m_attached)
        return done(Failure(agent::Problem(agent::ProblemCode::ServiceAway,
                                           "the agent is not reachable right now")));
    m_link->request({{"type", "tunnel.check"}, {"tunnel", json::fromTunnel(tunnel)}},
                    [done](const Result<QJsonObject, agent::Problem>& got) {
                        if (!got)
                            return done(Failure(got.error()));
                        done(AddressCheck{(*got)["free"].toBool(), json::toStd((*got)["url"]),
                                          json::toProblem((*got)["reason"], (*got)["code"])});
                    });
}

} // namespace sallyport::control
