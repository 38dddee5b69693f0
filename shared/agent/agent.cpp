#include "engine.h"

#include <sallyport/agent/agent.h>

#include <utility>

namespace sallyport::agent {

std::string_view version()
{
    return SALLYPORT_VERSION;
}

Agent::Agent(AgentOptions options, QObject* parent)
    : QObject(parent), m_engine(std::make_unique<Engine>(*this, std::move(options)))
{}

Agent::~Agent() = default;

void Agent::start()
{
    m_engine->start();
}

void Agent::stop(std::chrono::milliseconds drain)
{
    m_engine->stop(drain);
}

void Agent::applyTunnels(TunnelSpecs tunnels)
{
    m_engine->applyTunnels(std::move(tunnels));
}

void Agent::applyOptions(AgentOptions options)
{
    m_engine->applyOptions(std::move(options));
}

void Agent::checkTunnel(const config::TunnelConfig& tunnel, Checked checked)
{
    m_engine->checkTunnel(tunnel, std::move(checked));
}

void Agent::retryNow()
{
    m_engine->retryNow();
}

LinkState Agent::state() const
{
    return m_engine->state();
}

Status Agent::status() const
{
    return m_engine->status();
}

std::optional<config::TunnelConfig> Agent::tunnel(const std::string& ref) const
{
    return m_engine->tunnel(ref);
}

std::vector<RequestRecord> Agent::requests() const
{
    return m_engine->requests();
}

} // namespace sallyport::agent
