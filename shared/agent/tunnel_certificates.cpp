#include "tunnel_certificates.h"

#include <QUrl>

#include <algorithm>

namespace sallyport::agent {

using std::chrono::system_clock;

namespace {

Result<std::shared_ptr<const tls::Context>, tls::Error> visitorContext(tls::KeyPair keys)
{
    tls::ServerConfig config;
    config.keys = std::move(keys);
    config.alpn = {"http/1.1"}; // what a plain upstream speaks; others get none
    return tls::Context::server(config);
}

// The host that visitors use: the tunnel's own, or the one that the relay gave it.
std::string hostOf(const Tunnel& tunnel)
{
    if (tunnel.spec.config.hostname)
        return *tunnel.spec.config.hostname;
    for (const std::string& url : tunnel.urls) {
        const QString host = QUrl(QString::fromStdString(url)).host().toLower();
        if (!host.isEmpty())
            return host.toStdString();
    }
    return {};
}

} // namespace

TunnelCertificates::TunnelCertificates(certificates::CertificateKeeper::Options options)
    : m_options(std::move(options))
{
    // Nobody but the relay reaches this machine, and it passes TLS alone.
    m_options.acme.challenges = {config::AcmeConfig::Challenge::TlsAlpn01};
}

bool TunnelCertificates::endsTls(const Tunnel& tunnel)
{
    return tunnel.spec.config.kind == config::TunnelKind::Tls && tunnel.spec.config.endsTls();
}

void TunnelCertificates::tunnelOpened(const Tunnel& tunnel)
{
    if (!endsTls(tunnel))
        return forget(tunnel.ref);
    Served served;
    if (tunnel.spec.config.certificate == config::TunnelConfig::Certificate::Auto)
        obtain(hostOf(tunnel), served);
    else
        loadFiles(tunnel.spec.config, served);
    const auto before = m_served.find(tunnel.ref);
    if (before != m_served.end() && before->second.host != served.host)
        forget(tunnel.ref);
    if (!served.problem.empty())
        m_options.log.error("no certificate for a tunnel",
                            {{"tunnel", tunnel.ref}, {"reason", served.problem}});
    m_served[tunnel.ref] = std::move(served);
}

void TunnelCertificates::obtain(const std::string& host, Served& served)
{
    if (host.empty() || host.starts_with("*.")) {
        served.problem = "certificate: auto needs a hostname without a wildcard";
        return;
    }
    if (!m_keeper) {
        auto keeper = std::make_unique<certificates::CertificateKeeper>(
            m_options, static_cast<certificates::CertificateOwner&>(*this));
        if (auto trouble = keeper->start()) {
            served.problem = *trouble;
            return;
        }
        m_keeper = std::move(keeper);
    }
    served.host = host;
    if (!m_keeper->want(host, {host}))
        served.problem = "as many certificates as allowed are held already";
}

void TunnelCertificates::loadFiles(const config::TunnelConfig& config, Served& served)
{
    auto keys =
        tls::loadKeyPair(config.certificateFile, config.certificateKey, system_clock::now());
    if (!keys) {
        served.problem = keys.error().message;
        return;
    }
    auto context = visitorContext(std::move(*keys));
    if (context)
        served.context = std::move(*context);
    else
        served.problem = context.error().message;
}

void TunnelCertificates::tunnelClosed(const std::string& ref)
{
    forget(ref);
}

void TunnelCertificates::forget(const std::string& ref)
{
    const auto found = m_served.find(ref);
    if (found == m_served.end())
        return;
    const std::string host = found->second.host;
    m_served.erase(found);
    const bool shared = std::any_of(m_served.begin(), m_served.end(),
                                    [&](const auto& other) { return other.second.host == host; });
    if (m_keeper && !host.empty() && !shared)
        m_keeper->unwant(host);
}

std::shared_ptr<const tls::Context>
TunnelCertificates::choose(const Tunnel& tunnel, const tls::ClientHelloReader& hello) const
{
    const auto found = m_served.find(tunnel.ref);
    if (found == m_served.end())
        return nullptr;
    const Served& served = found->second;
    if (served.context)
        return served.context;
    if (hello.serverName() != served.host)
        return nullptr;
    const auto& from = hello.offers(acme::AlpnProtocol) ? m_challenges : m_obtained;
    const auto context = from.find(served.host);
    return context == from.end() ? nullptr : context->second;
}

Problem TunnelCertificates::problemOf(const Tunnel& tunnel) const
{
    const auto found = m_served.find(tunnel.ref);
    if (found == m_served.end())
        return {};
    if (!found->second.problem.empty())
        return {ProblemCode::CertificateFailed, found->second.problem};
    if (!m_keeper)
        return {};
    if (found->second.context || m_obtained.contains(found->second.host))
        return {};
    for (const acme::CertificateStatus& status : m_keeper->statuses())
        if (status.id == found->second.host)
            return status.error.empty()
                       ? Problem(ProblemCode::CertificatePending, "the certificate is being issued")
                       : Problem(ProblemCode::CertificateFailed, "no certificate: " + status.error);
    return {};
}

// --- certificates::CertificateOwner ---

std::optional<std::string> TunnelCertificates::publishChallenge(const acme::Challenge& challenge)
{
    auto keys = challenge.certificate(system_clock::now());
    if (!keys)
        return keys.error();
    tls::ServerConfig config;
    config.keys = std::move(*keys);
    config.alpn = {std::string(acme::AlpnProtocol)};
    config.requireAlpn = true;
    auto context = tls::Context::server(config);
    if (!context)
        return context.error().message;
    m_challenges[challenge.name] = std::move(*context);
    return std::nullopt;
}

void TunnelCertificates::withdrawChallenge(const acme::Challenge& challenge)
{
    m_challenges.erase(challenge.name);
}

void TunnelCertificates::certificateReady(const acme::CertificateReady& certificate)
{
    auto context = visitorContext(certificate.keys);
    if (context)
        m_obtained[certificate.id] = std::move(*context);
    else
        m_options.log.error("a certificate can't be used",
                            {{"id", certificate.id}, {"reason", context.error().message}});
}

void TunnelCertificates::certificateFailed(const acme::CertificateFailed&) {}

void TunnelCertificates::certificateDropped(const std::string& id)
{
    m_obtained.erase(id);
}

} // namespace sallyport::agent
