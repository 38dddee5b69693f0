#include "tunnel_table.h"

#include <utility>

namespace sallyport::agent {

TunnelTable::TunnelTable(net::IoContext& io, TunnelTableOwner& owner)
    : m_io(io), m_owner(owner), m_retry(io.deadlines(), [this] { retryRefused(); })
{}

void TunnelTable::apply(TunnelSpecs specs)
{
    std::vector<std::string> gone;
    for (const auto& [ref, tunnel] : m_tunnels)
        if (!specs.contains(ref))
            gone.push_back(ref);
    for (const std::string& ref : gone) {
        m_tunnels.erase(ref);
        settle(ref);
    }
    for (auto& [ref, spec] : specs) {
        std::shared_ptr<Tunnel>& tunnel = m_tunnels[ref];
        if (!tunnel) {
            tunnel = std::make_shared<Tunnel>(ref, std::move(spec));
        } else {
            if (!(tunnel->spec.config.upstream == spec.config.upstream)) {
                tunnel->target = std::make_shared<UpstreamTarget>(spec.config.upstream);
                tunnel->upstreamProblem.clear();
            }
            if (!(tunnel->spec.config.httpUpstream == spec.config.httpUpstream))
                tunnel->httpTarget = std::make_shared<UpstreamTarget>(spec.config.httpUpstream);
            tunnel->spec = std::move(spec);
        }
        settle(ref);
    }
}

std::vector<wire::TunnelRequest> TunnelTable::askForAll()
{
    m_slots.clear();
    std::vector<wire::TunnelRequest> requests;
    for (const auto& [ref, tunnel] : m_tunnels) {
        requests.push_back(requestOf(*tunnel));
        m_slots[ref] = {Slot::State::Asked, requests.back()};
    }
    return requests;
}

void TunnelTable::welcomed(RelayLink& link, const wire::Welcome& welcome)
{
    for (const wire::TunnelGrant& grant : welcome.tunnels)
        opened(link, grant);
    for (const wire::TunnelRefused& refusal : welcome.refused)
        refused(link, refusal);
    settleAll();
}

void TunnelTable::opened(RelayLink& link, const wire::TunnelGrant& grant)
{
    const auto slot = m_slots.find(grant.ref);
    if (slot == m_slots.end() || slot->second.state == Slot::State::Granted)
        return link.send(wire::TunnelClose{grant.id}); // not asked for
    slot->second.state = Slot::State::Granted;
    slot->second.id = grant.id;
    if (!slot->second.request.options.access.empty() && !grant.access)
        return closeUnguarded(link, slot->second, grant.ref);
    const auto wanted = m_tunnels.find(grant.ref);
    if (wanted != m_tunnels.end() && requestOf(*wanted->second) == slot->second.request) {
        const std::shared_ptr<Tunnel> tunnel = wanted->second;
        link.tunnels[grant.id] = tunnel;
        tunnel->urls = grant.urls;
        if (std::exchange(tunnel->state, TunnelState::Open) != TunnelState::Open)
            m_owner.tunnelOpened(*tunnel);
    }
    settle(grant.ref);
}

// An older relay skips the field that says who may visit, and lets everybody in.
void TunnelTable::closeUnguarded(RelayLink& link, Slot& slot, const std::string& ref)
{
    link.tunnels.erase(slot.id);
    link.send(wire::TunnelClose{slot.id});
    slot.state = Slot::State::Refused;
    slot.mayRetry = false;
    const auto found = m_tunnels.find(ref);
    if (found == m_tunnels.end())
        return settle(ref);
    Tunnel& tunnel = *found->second;
    tunnel.state = TunnelState::Refused;
    tunnel.urls.clear();
    tunnel.refusalCode = "access_unsupported";
    tunnel.refusalText =
        "this relay does not know rules on who may visit, so the tunnel was closed: "
        "update the relay, or remove `access`";
    tunnel.refusalIsFinal = true;
    m_owner.tunnelRefused(tunnel);
    settle(ref);
}

// When nothing else changed the tunnel stays, and its visitors with it.
bool TunnelTable::updateAccess(RelayLink& link, Slot& slot, const Tunnel& wanted)
{
    wire::TunnelRequest request = requestOf(wanted);
    wire::TunnelRequest same = request;
    same.options.access = slot.request.options.access;
    if (!(same == slot.request))
        return false;
    link.send(wire::TunnelUpdate{slot.id, request.options.access});
    slot.request = std::move(request);
    slot.state = Slot::State::Asked;
    return true;
}

void TunnelTable::refused(RelayLink& link, const wire::TunnelRefused& refusal)
{
    const auto slot = m_slots.find(refusal.ref);
    if (slot == m_slots.end())
        return;
    link.tunnels.erase(slot->second.id);
    slot->second.state = Slot::State::Refused;
    slot->second.mayRetry = refusal.refusal.retry;
    if (slot->second.mayRetry && !m_retry.isSet())
        m_retry.set(m_io.now() + RefusedRetry);
    const auto wanted = m_tunnels.find(refusal.ref);
    if (wanted != m_tunnels.end() && requestOf(*wanted->second) == slot->second.request) {
        const std::shared_ptr<Tunnel> tunnel = wanted->second;
        tunnel->state = TunnelState::Refused;
        tunnel->urls.clear();
        tunnel->refusalCode = refusal.refusal.code;
        tunnel->refusalText = refusal.refusal.message;
        tunnel->refusalIsFinal = !refusal.refusal.retry;
        m_owner.tunnelRefused(*tunnel);
    }
    settle(refusal.ref);
}

void TunnelTable::linkLost()
{
    m_slots.clear();
    m_retry.clear();
    for (const auto& [ref, tunnel] : m_tunnels) {
        tunnel->state = TunnelState::Pending;
        tunnel->urls.clear();
    }
}

void TunnelTable::settleAll()
{
    std::vector<std::string> refs;
    for (const auto& [ref, tunnel] : m_tunnels)
        refs.push_back(ref);
    for (const std::string& ref : refs)
        settle(ref);
}

// The one place that asks and closes.
void TunnelTable::settle(const std::string& ref)
{
    RelayLink* link = m_owner.currentLink();
    if (!link)
        return;
    const auto wanted = m_tunnels.find(ref);
    auto slot = m_slots.find(ref);
    if (slot != m_slots.end()) {
        if (slot->second.state == Slot::State::Asked)
            return;
        if (wanted != m_tunnels.end() && requestOf(*wanted->second) == slot->second.request)
            return;
        if (slot->second.state == Slot::State::Granted) {
            if (wanted != m_tunnels.end() && updateAccess(*link, slot->second, *wanted->second))
                return;
            link->tunnels.erase(slot->second.id);
            link->send(wire::TunnelClose{slot->second.id});
            m_owner.tunnelClosed(ref);
        }
        m_slots.erase(slot);
    }
    if (wanted == m_tunnels.end())
        return;
    Tunnel& tunnel = *wanted->second;
    tunnel.state = TunnelState::Pending;
    tunnel.urls.clear();
    m_slots[ref] = {Slot::State::Asked, requestOf(tunnel)};
    link->send(wire::TunnelOpen{requestOf(tunnel)});
}

void TunnelTable::retryRefused()
{
    std::erase_if(m_slots, [](const auto& entry) {
        return entry.second.state == Slot::State::Refused && entry.second.mayRetry;
    });
    settleAll();
}

} // namespace sallyport::agent
