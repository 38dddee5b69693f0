#include "certificates/certificate_book.h"

#include <algorithm>

namespace sallyport::relay {

namespace {

constexpr const char* ChallengeProtocol = "acme-tls/1"; // RFC 8737 section 6.2

Failure<tls::Error> full(const char* what)
{
    return Failure(tls::Error{tls::ErrorCode::BadConfiguration,
                              std::string("the relay holds as many ") + what + " as it may"});
}

} // namespace

CertificateBook::CertificateBook(Published<tls::CertificateStore>& published,
                                 tls::AlpnList protocols)
    : m_published(published),
      m_protocols(std::move(protocols)),
      m_tickets(std::make_shared<tls::TicketKeys>())
{
    m_rotation.callOnTimeout(&m_rotation, [tickets = m_tickets] { tickets->rotate(); });
    m_rotation.start(std::chrono::milliseconds(tls::TicketKeys::RotationInterval));
}

Result<void, tls::Error> CertificateBook::put(const std::string& id, std::vector<std::string> names,
                                              const tls::KeyPair& keys)
{
    if (m_entries.size() >= MaxCertificates && !m_entries.contains(id))
        return full("certificates");
    const auto leaf = tls::Certificate::fromPem(keys.chainPem);
    if (!leaf)
        return Failure(leaf.error());
    tls::ServerConfig config;
    config.keys = keys;
    config.alpn = m_protocols;
    config.tickets = m_tickets;
    config.sessionScope = "visitors/" + id;
    auto context = tls::Context::server(config);
    if (!context)
        return Failure(context.error());
    if (names.empty())
        names = leaf->names;
    m_entries.insert_or_assign(id, Entry{std::move(names), leaf->notAfter, std::move(*context)});
    publish();
    return {};
}

void CertificateBook::remove(const std::string& id)
{
    if (m_entries.erase(id) > 0)
        publish();
}

void CertificateBook::setDefault(std::string id)
{
    m_default = std::move(id);
    publish();
}

Result<void, tls::Error> CertificateBook::putChallenge(const std::string& name,
                                                       const tls::KeyPair& keys)
{
    if (m_challenges.size() >= MaxChallenges && !m_challenges.contains(name))
        return full("challenges");
    tls::ServerConfig config;
    config.keys = keys;
    config.alpn = {ChallengeProtocol};
    config.requireAlpn = true;
    config.sessionScope = "challenge/" + name;
    auto context = tls::Context::server(config);
    if (!context)
        return Failure(context.error());
    m_challenges.insert_or_assign(name, std::move(*context));
    publish();
    return {};
}

void CertificateBook::removeChallenge(const std::string& name)
{
    if (m_challenges.erase(name) > 0)
        publish();
}

void CertificateBook::publish()
{
    std::vector<const Entry*> entries;
    for (const auto& [id, entry] : m_entries)
        entries.push_back(&entry);
    // The last one added for a name stays.
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry* a, const Entry* b) { return a->notAfter < b->notAfter; });
    auto store = std::make_shared<tls::CertificateStore>();
    for (const Entry* entry : entries)
        for (const std::string& name : entry->names)
            store->add(name, entry->context);
    if (const auto found = m_entries.find(m_default); found != m_entries.end())
        store->setDefault(found->second.context);
    for (const auto& [name, context] : m_challenges)
        store->addChallenge(name, context);
    m_published.publish(std::move(store));
}

} // namespace sallyport::relay
