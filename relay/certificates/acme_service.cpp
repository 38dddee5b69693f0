#include "certificates/acme_service.h"

namespace sallyport::relay {

using std::chrono::system_clock;

namespace {

certificates::CertificateKeeper::Options keeperOptions(const SharedState& shared)
{
    certificates::CertificateKeeper::Options options;
    options.acme = shared.config.tls.acme;
    options.email = shared.config.tls.email;
    options.folder = shared.config.stateDir + "/acme";
    options.userAgent = "sallyport-relay/" SALLYPORT_VERSION;
    options.log = shared.log;
    return options;
}

std::string bookId(const std::string& id)
{
    return "acme/" + id;
}

} // namespace

AcmeService::AcmeService(SharedState& shared, CertificateBook& book)
    : m_shared(shared),
      m_book(book),
      m_plan{shared.config.domain, shared.config.publicHostOrDomain(), false},
      m_keeper(keeperOptions(shared), *this)
{
    for (const auto challenge : shared.config.tls.acme.challengesToUse())
        if (challenge == config::AcmeConfig::Challenge::Dns01)
            m_plan.wildcard = true;
}

std::optional<std::string> AcmeService::start()
{
    if (auto trouble = m_keeper.start())
        return "tls.acme: " + *trouble;
    // After a restart visitors come before the agents are back, and wait for them within TLS.
    for (const auto& stored : m_keeper.stored())
        if (const auto put = m_book.put(bookId(stored.id), stored.names, stored.keys); !put)
            m_shared.log.warning("a stored certificate can't be used",
                                 {{"id", stored.id}, {"reason", put.error().message}});
    setHosts({});
    return std::nullopt;
}

void AcmeService::setHosts(const std::set<std::string>& hosts)
{
    auto wanted = m_plan.wanted(hosts);
    for (const auto& [id, names] : m_wanted)
        if (!wanted.contains(id))
            m_keeper.unwant(id);
    for (auto at = wanted.begin(); at != wanted.end();) {
        if (m_wanted.contains(at->first) || m_keeper.want(at->first, at->second)) {
            ++at;
            continue;
        }
        if (!std::exchange(m_full, true))
            m_shared.log.warning("no more certificates may be held: see tls.acme.certificates",
                                 {{"first_without", at->first}});
        at = wanted.erase(at);
    }
    m_wanted = std::move(wanted);
}

void AcmeService::renewAll()
{
    for (const auto& [id, names] : m_wanted)
        m_keeper.renewNow(id);
}

// --- challenges ---

std::optional<std::string> AcmeService::publishChallenge(const acme::Challenge& challenge)
{
    if (challenge.type == acme::ChallengeType::Http01) {
        if (m_shared.config.listen.http.empty())
            return "http-01 needs listen.http";
        m_state.answers[challenge.token] = challenge.keyAuthorization;
        publish();
        return std::nullopt;
    }
    if (m_shared.config.listen.https.empty())
        return "tls-alpn-01 needs listen.https";
    const auto keys = challenge.certificate(system_clock::now());
    if (!keys)
        return keys.error();
    if (const auto put = m_book.putChallenge(challenge.name, keys.value()); !put)
        return put.error().message;
    return std::nullopt;
}

void AcmeService::withdrawChallenge(const acme::Challenge& challenge)
{
    if (challenge.type == acme::ChallengeType::TlsAlpn01)
        return m_book.removeChallenge(challenge.name);
    if (m_state.answers.erase(challenge.token) > 0)
        publish();
}

// --- certificates ---

void AcmeService::certificateReady(const acme::CertificateReady& certificate)
{
    if (const auto put = m_book.put(bookId(certificate.id), certificate.names, certificate.keys);
        !put)
        m_shared.log.error("a certificate can't be used",
                           {{"id", certificate.id}, {"reason", put.error().message}});
    if (certificate.fresh)
        m_shared.audit.record(certificate.renewed ? AuditEvent::CertificateRenewed
                                                  : AuditEvent::CertificateIssued,
                              {{"source", "acme"},
                               {"names", certificate.names},
                               {"not_after", system_clock::to_time_t(certificate.notAfter)}});
}

void AcmeService::certificateFailed(const acme::CertificateFailed& failure)
{
    m_shared.audit.record(
        AuditEvent::CertificateFailed,
        {{"source", "acme"}, {"names", failure.names}, {"reason", failure.problem.text()}});
}

void AcmeService::certificateDropped(const std::string& id)
{
    m_book.remove(bookId(id));
}

void AcmeService::certificatesChanged()
{
    m_state.pending.clear();
    for (const acme::CertificateStatus& status : m_keeper.statuses()) {
        if (status.state == acme::CertificateState::Ready)
            continue;
        const bool failed = status.state == acme::CertificateState::Failed;
        for (const std::string& name : status.names)
            m_state.pending[name] = {status.since, failed ? status.error : std::string(),
                                     status.next};
    }
    publish();
}

void AcmeService::publish()
{
    m_shared.acme.publish(std::make_shared<const AcmeState>(m_state));
}

} // namespace sallyport::relay
