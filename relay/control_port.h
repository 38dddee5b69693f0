// What workers ask of the control thread. All calls may come from any thread and return at once;
// the answers are posted to the asking worker.
#pragma once

#include "identity/verifier.h"
#include "routes/registry.h"

#include <sallyport/auth/grant.h>
#include <sallyport/wire/messages.h>

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sallyport::relay {

struct ClaimAnswer
{
    std::optional<wire::Refusal> refused; // the whole link
    std::string session;
    std::vector<Registry::Granted> granted;
    std::vector<wire::TunnelRefused> refusedTunnels;
};

// The new chain (PEM), or why there is none.
using CertificateAnswer = std::variant<std::string, wire::Refusal>;

class ControlPort
{
public:
    virtual ~ControlPort() = default;
    // What the worker could not decide (LaterKnown). Answered by AgentLink::judged().
    virtual void verifyLater(LinkRef link, Proof proof) = 0;
    // Answered by Worker::claimAnswered().
    virtual void claimLink(LinkIdentity identity, auth::Grant grant,
                           std::vector<wire::TunnelRequest> tunnels) = 0;
    // A fresh credential of a standing link. Answered by AgentLink::renewed().
    virtual void renewGrant(LinkRef link, auth::Grant grant) = 0;
    // Answered by Worker::tunnelAnswered().
    virtual void claimTunnel(LinkRef link, wire::TunnelRequest request) = 0;
    // Answered by AgentLink::tunnelChecked().
    virtual void checkTunnel(LinkRef link, wire::TunnelRequest request) = 0;
    // Answered by AgentLink::certificateAnswered().
    virtual void renewCertificate(LinkRef link, std::string requestPem) = 0;
    // Answered by Worker::accessAnswered().
    virtual void updateAccess(LinkRef link, uint32_t tunnelId, wire::AccessPolicy access) = 0;
    virtual void closeTunnel(LinkRef link, uint32_t tunnelId) = 0;
    virtual void linkEnded(LinkRef link) = 0;
};

} // namespace sallyport::relay
