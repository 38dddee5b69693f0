// auth.mtls at work: loads and watches the authority's files, and publishes what workers need: the
// TLS context of agents' links and the trust of the CertificateVerifier.
//
// With the relay's own authority it also renews agents' certificates, and the relay's.
//
// Threads: the control thread. Renewals are signed on a thread of their own.
#pragma once

#include "authority/ca_store.h"
#include "identity/certificate_verifier.h"
#include "shared_state.h"

#include <sallyport/auth/token_usage.h>
#include <sallyport/config/file_watcher.h>

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace sallyport::relay {

class MutualTls final : public QObject
{
public:
    // Renewals of one certificate (an answer may be lost), and such that wait at once.
    static constexpr int RenewalsOfOne = 5;
    static constexpr size_t RenewalsWaiting = 256;

    // `changed` is called when standing links should be looked at again.
    MutualTls(SharedState& shared, std::function<void()> changed);
    ~MutualTls() override;

    // The reason, as a sentence, when what is configured cannot be used.
    std::optional<std::string> start();
    // On a fault what was loaded before stays, and trouble() says why.
    bool reload();
    const std::string& trouble() const { return m_trouble; }

    Verifier& verifier() { return m_verifier; }

    // For `ca list`: the holder came by. Written now and then.
    void noteSeen(const auth::Grant& grant);
    void saveSeen(TimePoint now, bool always = false);

    // For the holder of a link whose grant is of a certificate: certifies the key of the request.
    // `done` is called once, with the chain (PEM) and the grant from now on, or the refusal.
    struct Renewed
    {
        std::string chainPem;
        auth::Grant grant;
    };
    using RenewalDone = std::function<void(Result<Renewed, wire::Refusal>)>;
    void renew(const auth::Grant& grant, std::string requestPem, RenewalDone done);

private:
    Result<void, std::string> load();
    Result<void, std::string> loadOwn();
    Result<void, std::string> loadExternal();
    Result<void, std::string> publish(CertificateTrust trust,
                                      std::optional<tls::ClientTrust> clients);
    std::vector<std::string> watchedFiles() const;
    void maintain();

    SharedState& m_shared;
    std::function<void()> m_changed;
    Published<CertificateTrust> m_trust;
    CertificateVerifier m_verifier{m_trust};
    CaStore m_store;
    config::FileWatcher m_watcher;
    QTimer m_maintenance;
    std::string m_trouble;
    auth::TokenUsage m_seen;
    QThreadPool m_signing;
    size_t m_waiting = 0;
    std::map<std::string, int> m_renewals; // by serial number
};

} // namespace sallyport::relay
