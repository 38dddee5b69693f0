#include "tunnel_checks.h"

#include "tunnel.h"

#include <utility>

namespace sallyport::agent {

static Problem problemOf(const wire::Refusal& refusal)
{
    return {problemCodeOfRefusal(refusal.code), refusal.message};
}

void TunnelChecks::ask(RelayLink* link, const config::TunnelConfig& tunnel, Agent::Checked checked)
{
    if (!link)
        return checked(Failure(Problem(ProblemCode::NoConnection,
                                       "there is no connection to the relay right now, which "
                                       "alone knows what is free")));
    if (m_open.size() >= Agent::MaxChecks)
        return checked(Failure(std::string("too many questions at once")));
    // No tunnel has such a name in a configuration.
    const std::string ref = "?" + std::to_string(++m_last);
    TunnelSpec spec;
    spec.config = tunnel;
    spec.config.access = {}; // who may visit has nothing to do with it
    m_open.emplace(ref, std::move(checked));
    link->send(wire::TunnelCheck{requestOf(Tunnel(ref, std::move(spec)))});
}

bool TunnelChecks::takes(const wire::AgentControl::Event& event)
{
    if (const auto* checked = std::get_if<wire::TunnelChecked>(&event)) {
        answer(checked->ref,
               Agent::CheckedTunnel{checked->free, checked->urls, problemOf(checked->refusal)});
        return true;
    }
    if (const auto* unsupported = std::get_if<wire::Unsupported>(&event)) {
        if (unsupported->of == "tunnel.check")
            failAll({ProblemCode::RelayTooOld,
                     "this relay can't say what is free: it is of an earlier version"});
        return true;
    }
    // A question that is not well formed is answered as a request for that tunnel would be.
    const auto* refused = std::get_if<wire::TunnelRefused>(&event);
    if (!refused || !m_open.contains(refused->ref))
        return false;
    answer(refused->ref, Agent::CheckedTunnel{false, {}, problemOf(refused->refusal)});
    return true;
}

void TunnelChecks::linkLost()
{
    failAll(
        {ProblemCode::NoConnection, "the connection to the relay was lost before it had answered"});
}

void TunnelChecks::answer(const std::string& ref, Result<Agent::CheckedTunnel, Problem> result)
{
    const auto found = m_open.find(ref);
    if (found == m_open.end())
        return;
    const Agent::Checked checked = std::move(found->second);
    m_open.erase(found);
    checked(std::move(result));
}

void TunnelChecks::failAll(const Problem& problem)
{
    for (auto& [ref, checked] : std::exchange(m_open, {}))
        checked(Failure(problem));
}

} // namespace sallyport::agent
