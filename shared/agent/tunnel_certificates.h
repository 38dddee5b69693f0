// The certificates of tls tunnels that end in the agent: obtained by ACME through the tunnel itself
// (TLS-ALPN-01, RFC 8737), or read from files. The keys never leave this machine.
//
// Threads: the agent's.
#pragma once

#include "tunnel.h"

#include <sallyport/certificates/certificate_keeper.h>
#include <sallyport/tls/client_hello.h>
#include <sallyport/tls/context.h>

#include <map>
#include <memory>
#include <string>

namespace sallyport::agent {

class TunnelCertificates final : private certificates::CertificateOwner
{
public:
    explicit TunnelCertificates(certificates::CertificateKeeper::Options options);

    // Whether the tunnel's TLS ends here.
    static bool endsTls(const Tunnel& tunnel);
    // The relay serves it from now on. Again for one whose host or files changed.
    void tunnelOpened(const Tunnel& tunnel);
    void tunnelClosed(const std::string& ref);

    // What a visitor of this tunnel is shown; the CA, when it offers "acme-tls/1", its proof. Null:
    // there is none yet, or the visitor wants another name.
    std::shared_ptr<const tls::Context> choose(const Tunnel& tunnel,
                                               const tls::ClientHelloReader& hello) const;
    // Why there is none. An empty sentence when there is one.
    Problem problemOf(const Tunnel& tunnel) const;

private:
    // certificates::CertificateOwner
    std::optional<std::string> publishChallenge(const acme::Challenge& challenge) override;
    void withdrawChallenge(const acme::Challenge& challenge) override;
    void certificateReady(const acme::CertificateReady& certificate) override;
    void certificateFailed(const acme::CertificateFailed& failure) override;
    void certificateDropped(const std::string& id) override;
    void certificatesChanged() override {}

    struct Served
    {
        std::string host; // with `auto`
        std::string problem;
        std::shared_ptr<const tls::Context> context; // of files
    };
    void obtain(const std::string& host, Served& served);
    void loadFiles(const config::TunnelConfig& config, Served& served);
    void forget(const std::string& ref);

    certificates::CertificateKeeper::Options m_options;
    std::unique_ptr<certificates::CertificateKeeper> m_keeper; // from the first `auto` on
    std::map<std::string, Served> m_served;                    // by the tunnel's ref
    std::map<std::string, std::shared_ptr<const tls::Context>> m_obtained;   // by host
    std::map<std::string, std::shared_ptr<const tls::Context>> m_challenges; // by host
};

} // namespace sallyport::agent
