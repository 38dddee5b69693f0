#include "identity/mutual_tls.h"

#include "state_files.h"

#include <sallyport/config/files.h>

#include <chrono>
#include <utility>

namespace sallyport::relay {

using wire::Refusal;
using wire::RefusalCode;

namespace {

constexpr auto MaintenanceInterval = std::chrono::hours(1);
// People should hear of it before it happens.
constexpr auto WarnBefore = std::chrono::hours(24 * 100);

Result<std::string, std::string> readFile(const std::string& path, size_t limit)
{
    auto read = config::readFile(path, limit);
    if (!read)
        return Failure(path + " " + config::toText(read.error()));
    return std::move(read->text);
}

Refusal refusalFor(const CaError& error)
{
    switch (error.code) {
    case CaError::Code::Invalid:
        return Refusal(RefusalCode::Malformed, error.message);
    case CaError::Code::NotAllowed:
        return Refusal(RefusalCode::Revoked);
    case CaError::Code::Full:
    case CaError::Code::Locked:
        return Refusal(RefusalCode::RateLimited);
    default:
        return Refusal(RefusalCode::Internal);
    }
}

} // namespace

MutualTls::MutualTls(SharedState& shared, std::function<void()> changed)
    : m_shared(shared),
      m_changed(std::move(changed)),
      m_trust(std::make_shared<const CertificateTrust>()),
      m_store(CaStore::folderIn(shared.config.stateDir)),
      m_seen(m_store.file("last_seen"))
{
    m_signing.setMaxThreadCount(1);
    QObject::connect(&m_watcher, &config::FileWatcher::changed, this, [this] { reload(); });
    m_maintenance.callOnTimeout(this, &MutualTls::maintain);
}

MutualTls::~MutualTls()
{
    m_signing.clear();
    m_signing.waitForDone();
}

std::optional<std::string> MutualTls::start()
{
    const config::MtlsConfig& config = m_shared.config.auth.mtls;
    // First the watch, so that no change between is missed.
    m_watcher.watch(watchedFiles());
    if (auto loaded = load(); !loaded)
        return "auth.mtls: " + loaded.error();
    if (config.required && m_trust.load()->authority == CertificateTrust::Authority::None)
        return "auth.mtls.required: there is no authority; make one with `sallyport-relay ca "
               "init`, or name another's with auth.mtls.ca_file";
    if (!config.isExternal()) {
        m_seen.load();
        m_maintenance.start(MaintenanceInterval);
        maintain();
    }
    return std::nullopt;
}

bool MutualTls::reload()
{
    // The folder of an authority that was made meanwhile is not watched yet.
    m_watcher.watch(watchedFiles());
    const auto loaded = load();
    m_trouble = loaded ? "" : "auth.mtls: " + loaded.error();
    if (loaded)
        m_shared.log.info("certificate authority loaded",
                          {{"tenants", m_trust.load()->tenants.tenants().size()}});
    else
        m_shared.log.error("certificate authority not reloaded, the old one stays",
                           {{"reason", loaded.error()}});
    m_changed();
    return loaded.ok();
}

std::vector<std::string> MutualTls::watchedFiles() const
{
    const config::MtlsConfig& config = m_shared.config.auth.mtls;
    if (!config.isExternal())
        return m_store.watchedFiles();
    std::vector<std::string> files{config.caFile, config.tenantsFile};
    if (!config.crlFile.empty())
        files.push_back(config.crlFile);
    return files;
}

Result<void, std::string> MutualTls::load()
{
    return m_shared.config.auth.mtls.isExternal() ? loadExternal() : loadOwn();
}

Result<void, std::string> MutualTls::loadOwn()
{
    if (!m_store.exists())
        return publish({}, std::nullopt);
    auto contents = m_store.load();
    if (!contents)
        return Failure(contents.error().message);
    CertificateTrust trust;
    trust.authority = CertificateTrust::Authority::Own;
    trust.index = std::move(contents->index);
    trust.tenants = std::move(contents->tenants);
    return publish(std::move(trust), tls::ClientTrust{contents->rootPem, contents->revocationLists,
                                                      m_shared.config.auth.mtls.required});
}

Result<void, std::string> MutualTls::loadExternal()
{
    const config::MtlsConfig& config = m_shared.config.auth.mtls;
    CertificateTrust trust;
    trust.authority = CertificateTrust::Authority::External;
    trust.identity = config.identity;
    tls::ClientTrust clients;
    clients.required = config.required;
    auto authorities = readFile(config.caFile, config::MaxFileSize);
    if (!authorities)
        return Failure(authorities.error());
    clients.authorities = std::move(*authorities);
    auto tenantsText = readFile(config.tenantsFile, config::MaxFileSize);
    if (!tenantsText)
        return Failure(tenantsText.error());
    auto tenants = auth::parseTenants(*tenantsText, config.tenantsFile);
    if (!tenants)
        return Failure(tenants.error().text());
    trust.tenants = auth::TenantSet(std::move(*tenants));
    if (!config.crlFile.empty()) {
        auto text = readFile(config.crlFile, tls::RevocationLists::PemLimit);
        if (!text)
            return Failure(text.error());
        auto lists = tls::RevocationLists::fromText(*text);
        if (!lists)
            return Failure(config.crlFile + ": " + lists.error().message);
        trust.lists = std::move(*lists);
        clients.revocationLists = trust.lists->pem();
        for (const auto& list : trust.lists->lists())
            if (list.nextUpdate && *list.nextUpdate <= std::chrono::system_clock::now())
                m_shared.log.error("a revocation list is out of its time: no certificate of its "
                                   "issuer is taken until there is a newer one",
                                   {{"file", config.crlFile}, {"issuer", list.issuer}});
    }
    return publish(std::move(trust), std::move(clients));
}

Result<void, std::string> MutualTls::publish(CertificateTrust trust,
                                             std::optional<tls::ClientTrust> clients)
{
    auto context = agentTlsContext(m_shared.config, std::move(clients));
    if (!context)
        return Failure(context.error());
    m_trust.publish(std::make_shared<const CertificateTrust>(std::move(trust)));
    m_shared.agentTls.publish(std::move(*context));
    return {};
}

// The relay renews its own certificate at two thirds of its life; only people can renew the rest.
void MutualTls::maintain()
{
    const auto contents = m_store.load();
    if (!contents)
        return;
    const auth::Timestamp now = auth::timestampNow();
    if (contents.value().intermediateEnds < now + WarnBefore)
        m_shared.log.warning("the certificate authority's intermediate ends soon: sallyport-relay "
                             "ca renew intermediate",
                             {{"ends", auth::timestampText(std::chrono::floor<std::chrono::seconds>(
                                           contents.value().intermediateEnds))}});
    const auto server = tls::Certificate::fromPem(contents.value().serverChainPem);
    if (!server || !m_shared.config.tls.certificate.empty())
        return;
    const auto life = server.value().notAfter - server.value().notBefore;
    if (now < server.value().notBefore + life / 3 * 2)
        return;
    const auto keys = relayKeys(m_shared.config);
    CaStore store(CaStore::folderIn(m_shared.config.stateDir), std::chrono::milliseconds(0));
    if (keys && store.renewServer(keys.value().keyPem, {}, now))
        m_shared.audit.record(AuditEvent::AuthorityChanged,
                              {{"source", "relay"}, {"action", "server renewed"}});
}

void MutualTls::noteSeen(const auth::Grant& grant)
{
    if (m_trust.load()->authority == CertificateTrust::Authority::Own)
        m_seen.noteUse(CertificateVerifier::serialOf(grant), auth::timestampNow());
}

void MutualTls::saveSeen(TimePoint now, bool always)
{
    const auto trust = m_trust.load();
    const auto isKnown = [&](const std::string& serial) { return trust->index.find(serial); };
    if (auto saved = m_seen.save(isKnown, now, always); !saved)
        m_shared.log.warning("cannot note when certificates were seen",
                             {{"reason", config::toText(saved.error())}});
}

void MutualTls::renew(const auth::Grant& grant, std::string requestPem, RenewalDone done)
{
    if (grant.source() != auth::Source::Certificate ||
        m_trust.load()->authority != CertificateTrust::Authority::Own)
        return done(Failure(Refusal(RefusalCode::RenewalUnsupported)));
    const std::string serial(CertificateVerifier::serialOf(grant));
    if (m_renewals.size() > CaIndex::MaxCertificates)
        m_renewals.clear();
    if (m_waiting >= RenewalsWaiting || m_renewals[serial] >= RenewalsOfOne)
        return done(Failure(Refusal(RefusalCode::RateLimited)));
    ++m_renewals[serial];
    ++m_waiting;
    m_signing.start([this, serial, grant, request = std::move(requestPem), done] {
        CaStore store(m_store);
        auto issued = store.renew(serial, request, auth::timestampNow());
        QMetaObject::invokeMethod(
            this,
            [this, grant, done, issued = std::move(issued)] {
                --m_waiting;
                if (!issued) {
                    m_shared.audit.record(AuditEvent::CertificateFailed,
                                          {{"source", "relay"},
                                           {"tenant", grant.tenant()},
                                           {"serial", CertificateVerifier::serialOf(grant)},
                                           {"reason", issued.error().message}});
                    return done(Failure(refusalFor(issued.error())));
                }
                // Known before the agent uses it.
                if (const auto loaded = load(); !loaded)
                    return done(Failure(Refusal(RefusalCode::Internal)));
                const CaIssued& made = issued.value();
                const auto leaf = tls::Certificate::fromPem(made.chainPem);
                m_shared.audit.record(AuditEvent::CertificateRenewed,
                                      {{"source", "relay"},
                                       {"tenant", made.record.name},
                                       {"serial", made.record.serial},
                                       {"not_after", auth::timestampText(made.record.expires)}});
                done(Renewed{made.chainPem,
                             auth::Grant(CertificateVerifier::credentialOf(leaf.value()),
                                         grant.tenant(), made.record.expires, grant.permissions(),
                                         auth::Source::Certificate)});
            },
            Qt::QueuedConnection);
    });
}

} // namespace sallyport::relay
