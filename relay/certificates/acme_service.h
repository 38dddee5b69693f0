// Obtains the relay's certificates by ACME and puts them into the certificate book: for its own
// name and for the names that http tunnels hold, from the moment they are registered.
//
// Challenges: HTTP-01 by SharedState::acme, where visitors' connections find the answers;
// TLS-ALPN-01 by the book; DNS-01 by the configured provider.
//
// Threads: the control thread.
#pragma once

#include "certificates/acme_state.h"
#include "certificates/certificate_book.h"
#include "certificates/certificate_plan.h"
#include "shared_state.h"

#include <sallyport/certificates/certificate_keeper.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sallyport::relay {

class AcmeService final : private certificates::CertificateOwner
{
public:
    AcmeService(SharedState& shared, CertificateBook& book);

    // The reason, for a person, when account or folder can't be used.
    std::optional<std::string> start();
    // The public hosts of all http tunnels there are now.
    void setHosts(const std::set<std::string>& hosts);
    // For `status`; ids are the certificates' first names.
    std::vector<acme::CertificateStatus> statuses() const { return m_keeper.statuses(); }
    // Every certificate that is wanted, whatever its age.
    void renewAll();

private:
    // certificates::CertificateOwner
    std::optional<std::string> publishChallenge(const acme::Challenge& challenge) override;
    void withdrawChallenge(const acme::Challenge& challenge) override;
    void certificateReady(const acme::CertificateReady& certificate) override;
    void certificateFailed(const acme::CertificateFailed& failure) override;
    void certificateDropped(const std::string& id) override;
    void certificatesChanged() override;

    void publish();

    SharedState& m_shared;
    CertificateBook& m_book;
    CertificatePlan m_plan;
    certificates::CertificateKeeper m_keeper;
    std::map<std::string, std::vector<std::string>> m_wanted;
    AcmeState m_state; // as published last
    bool m_full = false;
};

} // namespace sallyport::relay
