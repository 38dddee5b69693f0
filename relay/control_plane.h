// The control thread's half of the relay: decides claims, publishes routes, keeps graces, and ends
// links whose credential no longer stands.
//
// Claims are handled in batches: however many agents come back at once, routes are published once
// for all that wait, and answered after that, so that an agent never hears of an address that is
// not served yet.
#pragma once

#include "audit/claim_audit.h"
#include "certificates/certificate_book.h"
#include "control_port.h"
#include "identity/credentials.h"
#include "shared_state.h"
#include "tunnel_ports.h"
#include "worker.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sallyport::relay {

class AgentLink;

class ControlPlane final : public QObject, public ControlPort
{
public:
    ControlPlane(SharedState& shared, uint16_t httpPort);
    ~ControlPlane() override;

    void setWorkers(std::vector<Worker*> workers);
    void markDraining() { m_registry.markDraining(); }
    // Hears the public hosts of all http tunnels whenever routes change.
    using HostWatcher = std::function<void(const std::set<std::string>&)>;
    void watchHosts(HostWatcher watcher) { m_hostWatcher = std::move(watcher); }

    Credentials& credentials() { return m_credentials; }
    const Credentials& credentials() const { return m_credentials; }
    // Under which a tunnel is published.
    std::vector<std::string> urlsOf(wire::TunnelKind kind, const std::vector<std::string>& hosts,
                                    std::optional<uint16_t> port) const;
    const Registry& registry() const { return m_registry; }
    CertificateBook& certificates() { return m_certificates; }

    // ControlPort: from any thread.
    void verifyLater(LinkRef link, Proof proof) override;
    void claimLink(LinkIdentity identity, auth::Grant grant,
                   std::vector<wire::TunnelRequest> tunnels) override;
    void renewGrant(LinkRef link, auth::Grant grant) override;
    void claimTunnel(LinkRef link, wire::TunnelRequest request) override;
    void checkTunnel(LinkRef link, wire::TunnelRequest request) override;
    void renewCertificate(LinkRef link, std::string requestPem) override;
    void updateAccess(LinkRef link, uint32_t tunnelId, wire::AccessPolicy access) override;
    void closeTunnel(LinkRef link, uint32_t tunnelId) override;
    void linkEnded(LinkRef link) override;

private:
    using Answering = std::function<void()>;

    void onThisThread(std::function<void()> task);
    void changed();
    void publish();
    void tellHosts();
    void tellDisplaced();
    void auditAnswer(const LinkRef& link, const wire::TunnelRequest& request,
                     const Registry::Answer& answer);
    void expireGraces();
    void recheckLinks();
    void addUrls(Registry::Granted& granted) const;
    void postToLink(const LinkRef& ref, std::function<void(AgentLink&)> task);

    SharedState& m_shared;
    uint16_t m_httpPort;
    TunnelPorts m_ports;
    Registry m_registry;
    ClaimAudit m_audit;
    CertificateBook m_certificates;
    HostWatcher m_hostWatcher;
    std::vector<Worker*> m_workers;
    std::vector<Answering> m_answers; // to be sent once the routes are published
    bool m_publishPosted = false;
    QTimer m_graceTimer;
    QTimer m_recheckTimer;
    Credentials m_credentials;
};

} // namespace sallyport::relay
