#include "upstream_probes.h"

#include <utility>

namespace sallyport::agent {

UpstreamProbes::UpstreamProbes(net::IoContext& io, UpstreamProbesOwner& owner)
    : m_io(io), m_owner(owner), m_next(io.deadlines(), [this] { lookAgain(); })
{}

UpstreamProbes::~UpstreamProbes() = default;

void UpstreamProbes::configure(std::chrono::milliseconds again, std::chrono::milliseconds timeout)
{
    m_again = again;
    m_timeout = timeout;
}

bool UpstreamProbes::isWanted(const Tunnel& tunnel) const
{
    using enum config::TunnelKind;
    const config::TunnelKind kind = tunnel.spec.config.kind;
    return m_again.count() > 0 && (kind == Http || kind == Tls) &&
           tunnel.state == TunnelState::Open && !tunnel.target->isNone();
}

void UpstreamProbes::look(const std::shared_ptr<Tunnel>& tunnel)
{
    if (!isWanted(*tunnel))
        return;
    add(m_waiting, tunnel);
    startSome();
}

// Those that have left the configuration do not pile up.
void UpstreamProbes::add(Tunnels& tunnels, const std::shared_ptr<Tunnel>& tunnel)
{
    if (tunnels.insert(tunnel).second)
        std::erase_if(tunnels, [](const auto& other) { return other.expired(); });
}

void UpstreamProbes::down(const std::shared_ptr<Tunnel>& tunnel)
{
    if (!isWanted(*tunnel))
        return;
    add(m_down, tunnel);
    if (!m_next.isSet())
        m_next.set(m_io.now() + m_again);
}

void UpstreamProbes::startSome()
{
    // On this machine an answer mostly comes inside start(): no turn within a turn.
    if (std::exchange(m_starting, true))
        return;
    while (m_looks.size() < AtOnce && !m_waiting.empty()) {
        const std::shared_ptr<Tunnel> tunnel = m_waiting.begin()->lock();
        m_waiting.erase(m_waiting.begin());
        if (!tunnel || !isWanted(*tunnel))
            continue;
        const auto look = m_looks.insert(m_looks.end(), {tunnel, nullptr});
        look->connector = std::make_unique<UpstreamConnector>(
            m_io, tunnel->target, m_timeout,
            [this, look](const Result<net::Socket, UpstreamError>& result) {
                answered(look, result);
            });
        look->connector->start();
    }
    m_starting = false;
}

void UpstreamProbes::answered(std::list<Look>::iterator look,
                              const Result<net::Socket, UpstreamError>& result)
{
    const std::shared_ptr<Tunnel> tunnel = look->tunnel.lock();
    m_io.retire(std::move(look->connector)); // it is the one that calls
    m_looks.erase(look);
    if (tunnel && isWanted(*tunnel)) {
        if (result)
            m_owner.upstreamAnswered(*tunnel);
        else
            m_owner.upstreamFailed(*tunnel, result.error());
    }
    startSome();
}

void UpstreamProbes::lookAgain()
{
    for (const auto& one : std::exchange(m_down, {}))
        if (const auto tunnel = one.lock(); tunnel && !tunnel->upstreamProblem.empty())
            add(m_waiting, tunnel);
    startSome();
}

} // namespace sallyport::agent
