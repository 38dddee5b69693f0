#include <sallyport/base/overloaded.h>
#include <sallyport/certificates/certificate_keeper.h>

#include <QRandomGenerator>

#include <algorithm>

namespace sallyport::certificates {

using namespace std::chrono;

namespace {

acme::Now now()
{
    return {Clock::now(), system_clock::now()};
}

acme::ChallengeType typeOf(config::AcmeConfig::Challenge challenge)
{
    using enum config::AcmeConfig::Challenge;
    return challenge == Http01      ? acme::ChallengeType::Http01
           : challenge == TlsAlpn01 ? acme::ChallengeType::TlsAlpn01
                                    : acme::ChallengeType::Dns01;
}

acme::ManagerConfig managerConfig(const config::AcmeConfig& config, const std::string& email)
{
    acme::ManagerConfig manager;
    manager.client.directoryUrl = config.directoryUrl();
    manager.client.email = email;
    if (config.eab.macKey)
        manager.client.externalAccount =
            acme::ExternalAccount{config.eab.keyId, *config.eab.macKey};
    for (const auto challenge : config.challengesToUse())
        manager.challenges.push_back(typeOf(challenge));
    using KeyType = config::AcmeConfig::KeyType;
    manager.keyType = config.keyType == KeyType::P384      ? acme::KeyType::EcP384
                      : config.keyType == KeyType::Rsa2048 ? acme::KeyType::Rsa2048
                                                           : acme::KeyType::EcP256;
    manager.certificates = config.certificates;
    manager.concurrent = config.concurrent;
    manager.firstRetry = config.retry.min;
    manager.longestRetry = config.retry.max;
    return manager;
}

} // namespace

CertificateKeeper::CertificateKeeper(Options options, CertificateOwner& owner)
    : m_options(std::move(options)),
      m_owner(owner),
      m_files(m_options.folder, m_options.acme.directoryUrl()),
      m_web({m_options.acme.caFile, m_options.userAgent, seconds(30), acme::Response::BodyLimit}),
      m_dns(m_options.acme.dns, {}, m_options.log)
{
    m_timer.setSingleShot(true);
    m_timer.callOnTimeout(this, [this] {
        m_manager->handleTimeout(now());
        pump();
    });
}

CertificateKeeper::~CertificateKeeper() = default;

std::optional<std::string> CertificateKeeper::start()
{
    if (auto prepared = m_files.prepare(); !prepared)
        return prepared.error();
    auto account = m_files.account();
    if (!account)
        return account.error();
    m_account = std::move(*account);
    if (auto trouble = m_web.prepare())
        return trouble;
    acme::ManagerConfig config = managerConfig(m_options.acme, m_options.email);
    config.client.accountUrl = m_account->url;
    m_manager = std::make_unique<acme::Manager>(
        std::move(config), m_account->key, [] { return QRandomGenerator::global()->generate(); });
    return std::nullopt;
}

std::vector<CertificateKeeper::Stored> CertificateKeeper::stored() const
{
    std::vector<Stored> all;
    for (tls::KeyPair& keys : m_files.allCertificates(m_options.acme.certificates)) {
        auto leaf = tls::checkKeyPair(keys, system_clock::now());
        if (!leaf || leaf->names.empty())
            continue;
        // A wildcard's certificate is known by the wildcard (see CertificatePlan).
        const auto wildcard = std::find_if(leaf->names.begin(), leaf->names.end(),
                                           [](const auto& name) { return name.starts_with("*."); });
        const std::string id = wildcard == leaf->names.end() ? leaf->names.front() : *wildcard;
        all.push_back({id, leaf->names, std::move(keys)});
    }
    return all;
}

bool CertificateKeeper::want(const std::string& id, const std::vector<std::string>& names)
{
    acme::Wanted wanted{id, names, {}, {}};
    if (!m_manager->knows(id)) {
        wanted.stored = m_files.certificate(id);
        wanted.order = m_files.order(id);
    }
    const bool taken = m_manager->want(std::move(wanted), now());
    later();
    return taken;
}

void CertificateKeeper::unwant(const std::string& id)
{
    m_manager->unwant(id);
    later();
}

void CertificateKeeper::renewNow(const std::string& id)
{
    m_manager->renewNow(id, now());
    later();
}

std::vector<acme::CertificateStatus> CertificateKeeper::statuses() const
{
    return m_manager ? m_manager->statuses(now()) : std::vector<acme::CertificateStatus>();
}

// Many names may be wanted in one turn.
void CertificateKeeper::later()
{
    if (std::exchange(m_posted, true))
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_posted = false;
            pump();
        },
        Qt::QueuedConnection);
}

void CertificateKeeper::pump()
{
    if (std::exchange(m_pumping, true))
        return later(); // an owner's call from inside an event
    while (auto request = m_manager->takeRequest(now()))
        send(*request);
    while (auto event = m_manager->nextEvent())
        take(std::move(*event));
    m_pumping = false;
    const auto at = now();
    if (const auto next = m_manager->nextDeadline(at))
        m_timer.start(std::clamp(ceil<milliseconds>(*next - at.steady), milliseconds(0),
                                 milliseconds(hours(1))));
    else
        m_timer.stop();
    if (std::exchange(m_seenVersion, m_manager->version()) != m_manager->version())
        m_owner.certificatesChanged();
}

void CertificateKeeper::send(const acme::Request& request)
{
    WebRequest web;
    web.url = request.url;
    web.body = request.body;
    web.method = request.method == acme::Method::Post   ? "POST"
                 : request.method == acme::Method::Head ? "HEAD"
                                                        : "GET";
    if (request.method == acme::Method::Post)
        web.headers.emplace_back("Content-Type", "application/jose+json");
    m_options.log.debug("acme request", {{"method", web.method}, {"url", web.url}});
    m_web.send(web, [this, id = request.id, url = web.url](const WebAnswer& answer) {
        m_options.log.debug("acme answer",
                            {{"url", url}, {"status", answer.status}, {"trouble", answer.trouble}});
        if (!answer.trouble.empty())
            m_manager->requestFailed(id, answer.trouble, now());
        else
            m_manager->receive(id, {answer.status, answer.headers, answer.body}, now());
        pump();
    });
}

// Storing comes first: what is used must survive a kill a moment later.
void CertificateKeeper::take(acme::ManagerEvent event)
{
    std::visit(
        Overloaded{
            [&](const acme::AccountReady& e) {
                m_account->url = e.url;
                note(m_files.saveAccount(*m_account));
                m_options.log.info("account at the CA", {{"url", e.url}});
            },
            [&](const acme::PresentChallenge& e) { present(e); },
            [&](const acme::CleanUpChallenge& e) {
                if (e.challenge.type == acme::ChallengeType::Dns01)
                    m_dns.withdraw({e.challenge.dnsName(), e.challenge.dnsValue()});
                else
                    m_owner.withdrawChallenge(e.challenge);
            },
            [&](const acme::StoreOrder& e) { note(m_files.saveOrder(e.id, e.order)); },
            [&](const acme::ForgetOrder& e) { m_files.forgetOrder(e.id); },
            [&](const acme::CertificateReady& e) {
                if (e.fresh) {
                    note(m_files.saveCertificate(e.id, e.keys));
                    m_options.log.info(
                        e.renewed ? "certificate renewed" : "certificate issued",
                        {{"id", e.id},
                         {"days",
                          duration_cast<hours>(e.notAfter - system_clock::now()).count() / 24}});
                }
                m_owner.certificateReady(e);
            },
            [&](const acme::CertificateFailed& e) {
                m_options.log.warning("certificate not issued",
                                      {{"id", e.id},
                                       {"reason", e.problem.text()},
                                       {"retry_in", duration_cast<milliseconds>(e.retryIn)}});
                m_owner.certificateFailed(e);
            },
            [&](const acme::CertificateDropped& e) { m_owner.certificateDropped(e.id); },
        },
        event);
}

void CertificateKeeper::present(const acme::PresentChallenge& present)
{
    m_options.log.debug("challenge", {{"name", present.challenge.name},
                                      {"type", acme::toText(present.challenge.type)}});
    const auto answered = [this, present](const std::optional<std::string>& trouble) {
        if (trouble)
            m_manager->presentFailed(present, *trouble, now());
        else
            m_manager->presented(present, now());
        later();
    };
    if (present.challenge.type == acme::ChallengeType::Dns01)
        m_dns.publish({present.challenge.dnsName(), present.challenge.dnsValue()}, answered);
    else
        answered(m_owner.publishChallenge(present.challenge));
}

void CertificateKeeper::note(const Result<void, std::string>& saved) const
{
    if (!saved)
        m_options.log.error("cannot store what the CA gave", {{"reason", saved.error()}});
}

} // namespace sallyport::certificates
