#include "audit/claim_audit.h"

#include "visitors/filters/visit_policy.h"

namespace sallyport::relay {

void ClaimAudit::linkRefused(const LinkIdentity& identity, const std::string& tenant,
                             const wire::Refusal& refusal) const
{
    m_log.record(AuditEvent::ClaimRefused, {{"tenant", tenant},
                                            {"agent", identity.agentName},
                                            {"code", refusal.code},
                                            {"reason", refusal.message},
                                            {"peer", identity.peer},
                                            {"link", identity.ref.id}});
}

void ClaimAudit::answered(const LinkIdentity& identity, const std::string& tenant,
                          const wire::TunnelRequest& request, const Registry::Answer& answer) const
{
    if (const auto* grant = std::get_if<Registry::Granted>(&answer))
        granted(identity, tenant, request.ref, *grant);
    else
        refused(identity, tenant, request, std::get<wire::TunnelRefused>(answer).refusal);
}

void ClaimAudit::granted(const LinkIdentity& identity, const std::string& tenant,
                         const std::string& ref, const Registry::Granted& granted) const
{
    static const std::vector<std::string> everybody;
    m_log.record(AuditEvent::ClaimGranted,
                 {{"tenant", tenant},
                  {"agent", identity.agentName},
                  {"tunnel", ref},
                  {"kind", wire::kindText(granted.route.kind)},
                  {"hosts", granted.hosts},
                  {"port", granted.port},
                  {"access", granted.route.policy ? granted.route.policy->summary() : everybody},
                  {"peer", identity.peer},
                  {"link", identity.ref.id}});
}

void ClaimAudit::refused(const LinkIdentity& identity, const std::string& tenant,
                         const wire::TunnelRequest& request, const wire::Refusal& refusal) const
{
    m_log.recordRefusal(AuditEvent::ClaimRefused, tenant,
                        {{"tenant", tenant},
                         {"agent", identity.agentName},
                         {"tunnel", request.ref},
                         {"kind", wire::kindText(request.kind)},
                         {"name", request.name},
                         {"hostname", request.hostname},
                         {"port", request.remotePort},
                         {"code", refusal.code},
                         {"reason", refusal.message},
                         {"peer", identity.peer},
                         {"link", identity.ref.id}});
}

void ClaimAudit::ended(const std::vector<Registry::Ended>& claims) const
{
    using Why = Registry::Ended::Why;
    for (const Registry::Ended& ended : claims)
        m_log.record(ended.why == Why::TakenOver ? AuditEvent::ClaimTakenOver
                                                 : AuditEvent::ClaimReleased,
                     {{"tenant", ended.tenant},
                      {"agent", ended.agentName},
                      {"tunnel", ended.ref},
                      {"hosts", ended.hosts},
                      {"port", ended.port},
                      {"reason", ended.why == Why::Closed      ? "closed"
                                 : ended.why == Why::GraceOver ? "link lost"
                                                               : ""}});
}

void ClaimAudit::lostGround(const LinkIdentity& identity, const std::string& tenant,
                            const wire::Refusal& refusal) const
{
    m_log.record(AuditEvent::AuthEnded, {{"tenant", tenant},
                                         {"agent", identity.agentName},
                                         {"code", refusal.code},
                                         {"peer", identity.peer},
                                         {"link", identity.ref.id}});
}

} // namespace sallyport::relay
