// The certificates that visitors are shown, as the control thread keeps them: every change makes a
// new immutable tls::CertificateStore and publishes it. Connections under way keep what they have.
//
// An id names one certificate for whoever manages it ("files/main", "acme/api.example.com");
// putting a pair under an id that exists replaces it, and sessions of the old one may resume.
// A name that several hold is served by the one that expires last.
//
// Threads: the control thread. The session ticket keys are shared by all contexts and workers and
// rotate by themselves while a timer may run.
#pragma once

#include "published.h"

#include <sallyport/base/result.h>
#include <sallyport/tls/certificate_store.h>
#include <sallyport/tls/keys.h>

#include <QTimer>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sallyport::relay {

class CertificateBook
{
public:
    // Certificates at most, challenges not counted.
    static constexpr size_t MaxCertificates = 10'000;
    static constexpr size_t MaxChallenges = 256;

    // `protocols`: what visitors may speak, the best first.
    CertificateBook(Published<tls::CertificateStore>& published, tls::AlpnList protocols);

    // `names` are DNS names and "*.parent"; none: those of the certificate itself. The error says
    // why the pair can't be used; what was there before then stays.
    Result<void, tls::Error> put(const std::string& id, std::vector<std::string> names,
                                 const tls::KeyPair& keys);
    void remove(const std::string& id);
    // The certificate for names that nobody has, and for visitors who send none: by its id. It may
    // come later; empty: nobody.
    void setDefault(std::string id);

    // A certificate for TLS-ALPN-01 (RFC 8737).
    Result<void, tls::Error> putChallenge(const std::string& name, const tls::KeyPair& keys);
    void removeChallenge(const std::string& name);

    // For status: what is in the book, by id.
    struct Entry
    {
        std::vector<std::string> names;
        tls::SystemTime notAfter;
        std::shared_ptr<const tls::Context> context;
    };
    const std::map<std::string, Entry>& entries() const { return m_entries; }
    const std::shared_ptr<tls::TicketKeys>& tickets() const { return m_tickets; }

private:
    void publish();

    Published<tls::CertificateStore>& m_published;
    tls::AlpnList m_protocols;
    std::shared_ptr<tls::TicketKeys> m_tickets;
    std::map<std::string, Entry> m_entries;
    std::map<std::string, std::shared_ptr<const tls::Context>> m_challenges;
    std::string m_default;
    QTimer m_rotation;
};

} // namespace sallyport::relay
