// What the audit log says of claims: which were granted and refused, and which ended, and why.
//
// Threads: the control thread.
#pragma once

#include "audit/audit_log.h"
#include "routes/registry.h"

#include <string>
#include <vector>

namespace sallyport::relay {

class ClaimAudit
{
public:
    explicit ClaimAudit(AuditLog log) : m_log(std::move(log)) {}

    void linkRefused(const LinkIdentity& identity, const std::string& tenant,
                     const wire::Refusal& refusal) const;
    void answered(const LinkIdentity& identity, const std::string& tenant,
                  const wire::TunnelRequest& request, const Registry::Answer& answer) const;
    void ended(const std::vector<Registry::Ended>& claims) const;
    // Its credential was accepted, and no longer stands.
    void lostGround(const LinkIdentity& identity, const std::string& tenant,
                    const wire::Refusal& refusal) const;

private:
    void granted(const LinkIdentity& identity, const std::string& tenant, const std::string& ref,
                 const Registry::Granted& granted) const;
    void refused(const LinkIdentity& identity, const std::string& tenant,
                 const wire::TunnelRequest& request, const wire::Refusal& refusal) const;

    AuditLog m_log;
};

} // namespace sallyport::relay
