#include "following_agent_control.h"

#include <sallyport/control/remote_agent_control.h>
#include <sallyport/control/settings.h>

#include <utility>

namespace sallyport::control {

FollowingAgentControl::FollowingAgentControl(AgentControlOptions options, HandOver handOver)
    : m_options(std::move(options)), m_handOver(std::move(handOver))
{
    m_grace.setSingleShot(true);
    m_grace.setInterval(m_handOver.grace);
    connect(&m_grace, &QTimer::timeout, this, &FollowingAgentControl::tryHere);
    if (auto lock = AgentLock::take(agentId(m_options.purpose())))
        followOwn(std::move(*lock));
    else
        followOther();
}

FollowingAgentControl::~FollowingAgentControl() = default;

void FollowingAgentControl::follow(std::unique_ptr<AgentControl> agent)
{
    const std::unique_ptr<AgentControl> before = std::exchange(m_inner, std::move(agent));
    AgentControl* inner = m_inner.get();
    m_traffic.setSource(inner->traffic());
    connect(inner, &AgentControl::placeChanged, this, &FollowingAgentControl::lookAtPlace);
    connect(inner, &AgentControl::snapshotChanged, this, &AgentControl::snapshotChanged);
    connect(inner, &AgentControl::accountsChanged, this, &AgentControl::accountsChanged);
    connect(inner, &AgentControl::logged, this, &AgentControl::logged);
    connect(inner, &AgentControl::tunnelOpened, this, &AgentControl::tunnelOpened);
    connect(inner, &AgentControl::upstreamChanged, this, &AgentControl::upstreamChanged);
    connect(inner, &AgentControl::credentialRefused, this, &AgentControl::credentialRefused);
    if (!before)
        return;
    emit placeChanged();
    emit accountsChanged();
    emit snapshotChanged();
}

void FollowingAgentControl::followOther()
{
    auto other = std::make_unique<RemoteAgentControl>(agentId(m_options.purpose()),
                                                      m_handOver.places, m_handOver.lookAgain);
    if (m_inner)
        other->showAtFirst(*m_inner);
    follow(std::move(other));
    lookAtPlace(); // it may not come
}

void FollowingAgentControl::followOwn(std::unique_ptr<AgentLock> lock)
{
    auto local = std::make_unique<LocalAgentControl>(m_options, std::move(lock));
    (void)local->serve(); // without it nobody else can look on, no more
    local->start();       // before it is shown: until then it knows neither relay nor accounts
    follow(std::move(local));
}

// Where the identity is held by a process that does not answer, it may be about to start, to end,
// or hang: then this is no promise any more, but is tried on.
void FollowingAgentControl::tryHere()
{
    if (runHere())
        return;
    m_grace.start();
    if (!std::exchange(m_held, true))
        emit placeChanged();
}

// One that was switched off, or stopped in good order, is not to be switched on by its end.
void FollowingAgentControl::lookAtPlace()
{
    m_grace.stop();
    m_held = false;
    if (place() == Place::Detached && snapshot().switchedOn &&
        (!m_handOver.byItself || m_handOver.byItself()))
        m_grace.start();
    emit placeChanged();
}

Result<void, agent::Problem> FollowingAgentControl::runHere()
{
    auto lock = AgentLock::take(agentId(m_options.purpose()));
    if (!lock)
        return Failure(agent::Problem(agent::ProblemCode::ServiceAway,
                                      "process " + std::to_string(lock.error().pid) +
                                          " still runs this agent, though it does not answer: end "
                                          "it first"));
    m_grace.stop();
    followOwn(std::move(*lock));
    return {};
}

void FollowingAgentControl::takeOver(Done done)
{
    done(place() == Place::Detached ? runHere() : Result<void, agent::Problem>());
}

void FollowingAgentControl::standAside()
{
    if (place() == Place::InProcess)
        followOther();
}

// ---- Told on ----

void FollowingAgentControl::setSwitchedOn(bool on, Done done)
{
    m_inner->setSwitchedOn(on, std::move(done));
}

void FollowingAgentControl::retryNow()
{
    m_inner->retryNow();
}

void FollowingAgentControl::putTunnel(const std::string& ref, const config::TunnelConfig& tunnel,
                                      Done done)
{
    m_inner->putTunnel(ref, tunnel, std::move(done));
}

void FollowingAgentControl::removeTunnel(const std::string& ref, Done done)
{
    m_inner->removeTunnel(ref, std::move(done));
}

void FollowingAgentControl::setPaused(const std::string& ref, bool paused, Done done)
{
    m_inner->setPaused(ref, paused, std::move(done));
}

void FollowingAgentControl::addAccount(const NewAccount& account, Done done)
{
    m_inner->addAccount(account, std::move(done));
}

void FollowingAgentControl::testAccount(const std::string& id, Done done)
{
    m_inner->testAccount(id, std::move(done));
}

void FollowingAgentControl::useAccount(const std::string& id, Done done)
{
    m_inner->useAccount(id, std::move(done));
}

void FollowingAgentControl::renameAccount(const std::string& id, const std::string& label,
                                          Done done)
{
    m_inner->renameAccount(id, label, std::move(done));
}

void FollowingAgentControl::moveToKeychain(const std::string& id, Done done)
{
    m_inner->moveToKeychain(id, std::move(done));
}

void FollowingAgentControl::removeAccount(const std::string& id, Done done)
{
    m_inner->removeAccount(id, std::move(done));
}

void FollowingAgentControl::checkAddress(
    const config::TunnelConfig& tunnel,
    std::function<void(Result<AddressCheck, agent::Problem>)> done)
{
    m_inner->checkAddress(tunnel, std::move(done));
}

} // namespace sallyport::control
