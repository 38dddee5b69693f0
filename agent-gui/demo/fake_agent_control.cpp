#include "fake_agent_control.h"

#include "fake_tunnels.h"

#include <sallyport/control/accounts.h>
#include <sallyport/wire/join_line.h>
#include <sallyport/wire/names.h>

#include <algorithm>
#include <utility>

namespace sallyport::gui::demo {

namespace {

using namespace std::chrono_literals;
using control::Account;
using control::AddressCheck;
using control::TunnelView;

constexpr size_t MaxLog = 1'000;
constexpr auto Unknown = "There is no such relay any more.";

std::vector<Account> fakeAccounts(const Scene& scene)
{
    if (!scene.accounts)
        return {};
    Account home;
    home.id = home.relay = "tunnel.example.com:7000";
    home.label = "Home server";
    home.pin = "sha256:qL3wXc0E2vY8cJ5t1GmQkz0uK7rI4nSxB9dOaVhPfTs";
    home.inUse = true;
    home.tokenHint = "spt_Ab12";
    Account acme;
    acme.id = acme.relay = "relay.acme.example:443";
    acme.inFile = acme.canMove = true;
    acme.tokenHint = "spt_9fKx";
    std::vector<Account> accounts{home, acme};
    if (scene.longNames) {
        accounts[0].label = "Relay of the northern harbour authority, department of publications";
        Account second = home; // another token of the same relay
        second.id += "#2";
        second.label = home.relay + " (spt_Zk3w)";
        second.tokenHint = "spt_Zk3w";
        second.inUse = false;
        accounts.push_back(second);
    }
    return accounts;
}

} // namespace

FakeAgentControl::FakeAgentControl(const Scene& scene, QObject* parent)
    : control::AgentControl(parent),
      m_accounts(fakeAccounts(scene)),
      m_traffic(scene, recordedTunnels(fakeTunnels(scene))),
      m_rate(scene.requestsPerSecond),
      m_now(scene.now)
{
    m_snapshot.tunnels = fakeTunnels(scene);
    m_snapshot.switchedOn = scene.accounts;
    m_snapshot.relay = scene.accounts ? m_accounts[0].relay : "";
    say("The agent starts");
    setLink(scene.accounts ? scene.link : Scene::Link::Connecting);
    if (!scene.accounts)
        m_snapshot.state = agent::LinkState::Offline;
    logTunnels();
    m_growth.setInterval(200);
    connect(&m_growth, &QTimer::timeout, this, [this] { grow(m_rate); });
    if (scene.requestsPerSecond > 0)
        m_growth.start();
}

void FakeAgentControl::answer(const Done& done, Result<void, agent::Problem> result)
{
    if (!m_nextFailure.empty())
        result = Failure(std::exchange(m_nextFailure, {}));
    QMetaObject::invokeMethod(
        this, [done, result = std::move(result)] { done(result); }, Qt::QueuedConnection);
}

void FakeAgentControl::trial(const Done& done, std::function<Result<void, agent::Problem>()> end)
{
    QTimer::singleShot(m_trialTime, this, [this, done, end = std::move(end)] {
        if (!m_nextFailure.empty())
            return done(Failure(std::exchange(m_nextFailure, {})));
        done(end());
    });
}

void FakeAgentControl::say(const std::string& text, bool warning)
{
    m_log.push_back({m_now(), warning, text});
    if (m_log.size() > MaxLog)
        m_log.erase(m_log.begin());
    emit logged(m_log.back());
}

void FakeAgentControl::logTunnels()
{
    for (const TunnelView& view : m_snapshot.tunnels) {
        const auto& status = view.status;
        if (!status.urls.empty())
            say("Tunnel " + status.ref + ": " + status.urls.front() + " -> " +
                status.config.upstream.text());
        if (!status.upstreamProblem.empty())
            say("Tunnel " + status.ref + ": " + status.upstreamProblem, true);
        if (!status.refusalText.empty())
            say("Tunnel " + status.ref + ": " + status.refusalText, true);
    }
}

void FakeAgentControl::touch()
{
    emit snapshotChanged();
}

void FakeAgentControl::settle(TunnelView& view) const
{
    const bool open = m_snapshot.state == agent::LinkState::Connected && !view.paused;
    view.status.state = open ? agent::TunnelState::Open : agent::TunnelState::Pending;
    view.status.urls.clear();
    if (open)
        view.status.urls.push_back(fakeUrl(view.status.ref, view.status.config));
}

TunnelView* FakeAgentControl::find(const std::string& ref)
{
    auto& tunnels = m_snapshot.tunnels;
    const auto found = std::find_if(tunnels.begin(), tunnels.end(), [&ref](const TunnelView& view) {
        return view.status.ref == ref;
    });
    return found == tunnels.end() ? nullptr : &*found;
}

const config::TunnelConfig* FakeAgentControl::tunnel(const std::string& ref) const
{
    for (const TunnelView& view : m_snapshot.tunnels)
        if (view.status.ref == ref)
            return &view.status.config;
    return nullptr;
}

Account* FakeAgentControl::findAccount(const std::string& id)
{
    const auto found = std::find_if(m_accounts.begin(), m_accounts.end(),
                                    [&id](const Account& account) { return account.id == id; });
    return found == m_accounts.end() ? nullptr : &*found;
}

Account& FakeAgentControl::accountFor(const std::string& relay, const std::string& hint,
                                      const std::string& replaces)
{
    for (Account& account : m_accounts)
        if (account.id == replaces || (account.relay == relay && account.tokenHint == hint)) {
            account.tokenHint = hint;
            account.inFile = account.canMove = false;
            return account;
        }
    Account fresh;
    fresh.id = fresh.relay = relay;
    fresh.tokenHint = hint;
    for (int number = 2; findAccount(fresh.id) != nullptr; ++number) {
        fresh.id = relay + "#" + std::to_string(number);
        fresh.label = relay + " (" + hint + ")";
    }
    return m_accounts.emplace_back(fresh);
}

void FakeAgentControl::setSwitchedOn(bool on, Done done)
{
    m_snapshot.switchedOn = on;
    say(on ? "Switched on" : "Switched off");
    m_traffic.setMoving(on);
    if (on)
        setLink(Scene::Link::Connected);
    else {
        m_snapshot.state = agent::LinkState::Stopped;
        m_snapshot.roundTrip.reset();
        for (TunnelView& view : m_snapshot.tunnels)
            settle(view);
        touch();
    }
    answer(done);
}

void FakeAgentControl::retryNow()
{
    setLink(Scene::Link::Connecting);
}

void FakeAgentControl::putTunnel(const std::string& ref, const config::TunnelConfig& tunnel,
                                 Done done)
{
    if (!m_nextFailure.empty())
        return answer(done);
    TunnelView* view = find(ref);
    if (view == nullptr) {
        auto& tunnels = m_snapshot.tunnels;
        const auto place = std::find_if(tunnels.begin(), tunnels.end(), [&ref](const auto& other) {
            return other.status.ref > ref;
        });
        // Filled before it goes in: the caller may pass the settings of a tunnel that now moves.
        TunnelView fresh;
        fresh.status.ref = ref;
        fresh.status.config = tunnel;
        view = &*tunnels.insert(place, std::move(fresh));
    } else {
        view->status.config = tunnel;
    }
    settle(*view);
    say("Tunnel " + ref + " is published");
    answer(done);
    touch();
}

void FakeAgentControl::removeTunnel(const std::string& ref, Done done)
{
    if (m_nextFailure.empty()) {
        std::erase_if(m_snapshot.tunnels,
                      [&ref](const TunnelView& view) { return view.status.ref == ref; });
        say("Tunnel " + ref + " is removed");
        touch();
    }
    answer(done);
}

void FakeAgentControl::setPaused(const std::string& ref, bool paused, Done done)
{
    if (TunnelView* view = find(ref); view != nullptr && m_nextFailure.empty()) {
        view->paused = paused;
        settle(*view);
        touch();
    }
    answer(done);
}

void FakeAgentControl::addAccount(const control::NewAccount& account, Done done)
{
    trial(done, [this, account]() -> Result<void, agent::Problem> {
        std::string relay = account.relay;
        std::string hint = control::tokenHint(account.token);
        if (!account.joinLine.empty()) {
            const auto line = wire::parseJoinLine(account.joinLine.reveal());
            if (!line)
                return Failure(std::string(wire::describe(line.error())));
            relay = line->host + ":" + std::to_string(line->port);
            hint = control::tokenHint(line->token);
        }
        if (relay.find(':') == std::string::npos)
            relay += ":7000";
        for (Account& other : m_accounts)
            other.inUse = false;
        Account& added = accountFor(relay, hint, account.replaces);
        added.pin = account.pin;
        added.inUse = true;
        m_snapshot.relay = relay;
        m_snapshot.switchedOn = true;
        emit accountsChanged();
        setLink(Scene::Link::Connected);
        return {};
    });
}

void FakeAgentControl::testAccount(const std::string& id, Done done)
{
    trial(done, [this, id]() -> Result<void, agent::Problem> {
        if (findAccount(id) == nullptr)
            return Failure(std::string(Unknown));
        return {};
    });
}

void FakeAgentControl::useAccount(const std::string& id, Done done)
{
    if (findAccount(id) == nullptr)
        return answer(done, Failure(std::string(Unknown)));
    for (Account& account : m_accounts)
        account.inUse = account.id == id;
    m_snapshot.relay = findAccount(id)->relay;
    emit accountsChanged();
    setLink(Scene::Link::Connected);
    answer(done);
}

void FakeAgentControl::renameAccount(const std::string& id, const std::string& label, Done done)
{
    if (Account* account = findAccount(id))
        account->label = label;
    emit accountsChanged();
    answer(done);
}

void FakeAgentControl::moveToKeychain(const std::string& id, Done done)
{
    trial(done, [this, id]() -> Result<void, agent::Problem> {
        Account* account = findAccount(id);
        if (account == nullptr)
            return Failure(std::string(Unknown));
        account->inFile = account->canMove = false;
        emit accountsChanged();
        return {};
    });
}

void FakeAgentControl::putInFile(const std::string& account)
{
    if (Account* found = findAccount(account))
        found->inFile = found->canMove = true;
    emit accountsChanged();
}

void FakeAgentControl::removeAccount(const std::string& id, Done done)
{
    std::erase_if(m_accounts, [&id](const Account& account) { return account.id == id; });
    if (m_snapshot.relay == id)
        m_snapshot.relay.clear();
    emit accountsChanged();
    touch();
    answer(done);
}

void FakeAgentControl::checkAddress(const config::TunnelConfig& tunnel,
                                    std::function<void(Result<AddressCheck, agent::Problem>)> done)
{
    Result<AddressCheck, agent::Problem> result = AddressCheck{true, fakeUrl("new", tunnel), {}};
    if (m_snapshot.state != agent::LinkState::Connected)
        result = Failure(std::string("There is no connection to the relay, so the address "
                                     "can't be checked now."));
    else if (tunnel.name && *tunnel.name == "taken")
        result =
            AddressCheck{false,
                         fakeUrl("new", tunnel),
                         {agent::ProblemCode::AddressTaken, "The name \"taken\" is another's."}};
    QMetaObject::invokeMethod(
        this, [done = std::move(done), result] { done(result); }, Qt::QueuedConnection);
}

void FakeAgentControl::setPlace(Place place)
{
    m_place = place;
    emit placeChanged();
}

void FakeAgentControl::setLink(Scene::Link link)
{
    m_snapshot.roundTrip.reset();
    m_snapshot.nextTry.reset();
    m_snapshot.failure.reset();
    m_snapshot.failedTries = 0;
    m_snapshot.problem = {};
    m_snapshot.transport.clear();
    switch (link) {
    case Scene::Link::Connected:
        m_snapshot.state = agent::LinkState::Connected;
        m_snapshot.transport = "tls";
        m_snapshot.roundTrip = 24ms;
        say("Connected to " + m_snapshot.relay);
        break;
    case Scene::Link::Connecting:
        m_snapshot.state = agent::LinkState::Connecting;
        break;
    case Scene::Link::Waiting:
        m_snapshot.state = agent::LinkState::Waiting;
        m_snapshot.failedTries = 4;
        m_snapshot.nextTry = std::chrono::system_clock::now() + 12s;
        m_snapshot.problem = {agent::ProblemCode::Unreachable,
                              m_snapshot.relay + " does not answer: connection timed out."};
        say(m_snapshot.problem.text, true);
        break;
    case Scene::Link::Refused:
        m_snapshot.state = agent::LinkState::Refused;
        m_snapshot.failure =
            agent::AgentFailure{agent::AgentFailure::Kind::Credentials, "token_revoked",
                                "The relay refuses the token: it was revoked."};
        say(m_snapshot.failure->text, true);
        emit credentialRefused({m_snapshot.failure->problem, m_snapshot.failure->text});
        break;
    }
    for (TunnelView& view : m_snapshot.tunnels)
        if (view.status.state != agent::TunnelState::Refused)
            settle(view);
    touch();
}

void FakeAgentControl::setUpstreamProblem(const std::string& ref, const std::string& problem)
{
    if (TunnelView* view = find(ref)) {
        view->status.upstreamProblem = problem;
        emit upstreamChanged(ref, problem);
        touch();
    }
}

void FakeAgentControl::grow(double requestsPerSecond)
{
    if (m_snapshot.state != agent::LinkState::Connected)
        return;
    for (TunnelView& view : m_snapshot.tunnels) {
        if (view.status.state != agent::TunnelState::Open)
            continue;
        auto& counters = view.status.counters;
        const auto more = uint64_t(1 + requestsPerSecond / 20 / double(m_snapshot.tunnels.size()));
        counters.total += more;
        counters.bytesIn += more * 1'210;
        counters.bytesOut += more * 48'700;
    }
    touch();
}

} // namespace sallyport::gui::demo
