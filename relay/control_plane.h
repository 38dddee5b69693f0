// The control thread's half of the relay: decides claims, publishes routes and credentials, keeps
// graces and expiries.
//
// Claims are handled in batches: however many agents come back at once, routes are published once
// for all that wait, and answered after that, so that an agent never hears of an address that is
// not served yet.
#pragma once

#include "certificates/certificate_book.h"
#include "control_port.h"
#include "identity/jwt_verifier.h"
#include "identity/mutual_tls.h"
#include "shared_state.h"
#include "worker.h"

#include <sallyport/auth/token_store.h>
#include <sallyport/auth/token_usage.h>
#include <sallyport/config/file_watcher.h>

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

class ControlPlane final : public QObject, public ControlPort, private PortHolder
{
public:
    ControlPlane(SharedState& shared, uint16_t httpPort);
    ~ControlPlane() override;

    void setWorkers(std::vector<Worker*> workers) { m_workers = std::move(workers); }
    // Loads tokens and keys and watches their files. The reason when they cannot be read.
    std::optional<std::string> startCredentials();
    // Reads them again; on a fault the old ones stay, and health() says so.
    bool reloadCredentials();
    void markDraining() { m_registry.markDraining(); }
    void saveUsage();
    // Hears the public hosts of all http tunnels whenever routes change.
    using HostWatcher = std::function<void(const std::set<std::string>&)>;
    void watchHosts(HostWatcher watcher) { m_hostWatcher = std::move(watcher); }

    struct Health
    {
        bool ok = true;
        std::string trouble;
    };
    const Health& health() const { return m_health; }
    // Under which a tunnel is published.
    std::vector<std::string> urlsOf(wire::TunnelKind kind, const std::vector<std::string>& hosts,
                                    std::optional<uint16_t> port) const;
    const Registry& registry() const { return m_registry; }
    CertificateBook& certificates() { return m_certificates; }
    // Whether agents can show anything but tokens.
    static bool takesMoreThanTokens(const config::RelayConfig& config)
    {
        return config.auth.jwt.isUsed() || config.auth.mtls.required;
    }
    size_t tokenCount() const { return m_shared.tokens.load()->records().size(); }

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

    // PortHolder
    bool openPort(uint16_t port) override;
    void closePort(uint16_t port) override;

    void onThisThread(std::function<void()> task);
    void changed();
    void publish();
    void tellHosts();
    void tellDisplaced();
    void auditClaim(const LinkIdentity& identity, const std::string& tenant,
                    const wire::TunnelRequest& request, const Registry::Answer& answer);
    void auditEnded();
    void auditTokens(const auth::TokenSet& before, const auth::TokenSet& after);
    void expireGraces();
    bool reloadTokens();
    void recheckLinks();
    void noteHealth();
    void certificatesChanged();
    void addUrls(Registry::Granted& granted) const;
    void postToLink(const LinkRef& ref, std::function<void(AgentLink&)> task);
    Worker& workerOfPort(uint16_t port) { return *m_workers[port % m_workers.size()]; }

    SharedState& m_shared;
    uint16_t m_httpPort;
    Registry m_registry;
    CertificateBook m_certificates;
    HostWatcher m_hostWatcher;
    std::vector<Worker*> m_workers;
    std::vector<Answering> m_answers; // to be sent once the routes are published
    bool m_publishPosted = false;
    QTimer m_graceTimer;
    QTimer m_recheckTimer;
    std::unique_ptr<JwtVerifier> m_jwt; // null: not configured
    auth::TokenStore m_store;
    auth::TokenUsage m_usage;
    config::FileWatcher m_watcher;
    std::unique_ptr<MutualTls> m_mutualTls; // null: switched off
    std::string m_tokensTrouble;
    std::string m_keysTrouble;
    Health m_health;
};

} // namespace sallyport::relay
