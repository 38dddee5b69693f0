// Renews the agent's certificate over the link, before it ends: a new key is made here and never
// leaves, the relay certifies it, and key and chain replace the old ones in the bundle, in one
// rename. The next link uses them.
//
// Renewal is due at two thirds of the certificate's life, blurred by chance; what fails is tried
// again, ever more often towards the end. A relay that does not renew (another authority's
// certificate) is asked once.
//
// Threads: that of the IoContext.
#pragma once

#include "relay_link.h"

#include <sallyport/agent/identity.h>
#include <sallyport/net/io_context.h>

#include <functional>
#include <optional>
#include <string>

namespace sallyport::agent {

class CertificateRenewal
{
public:
    // A sentence for people, and whether it is a trouble.
    using Say = std::function<void(const std::string& text, bool warning)>;

    CertificateRenewal(net::IoContext& io, const IdentityFiles& files, Say say);

    void linkUp(RelayLink& link);
    void linkDown();
    void issued(const wire::CertificateIssued& message);
    void refused(const wire::CertificateRefused& message);

    // Of the certificate that is used for the next link. Nothing without an identity.
    const std::optional<tls::Certificate>& certificate() const { return m_certificate; }

private:
    void read();
    void plan();
    void due();
    void ask();
    void tryAgainLater();
    Result<void, std::string> keep(const std::string& chainPem);

    net::IoContext& m_io;
    const IdentityFiles& m_files;
    Say m_say;
    net::Deadline m_deadline;
    RelayLink* m_link = nullptr;
    std::optional<tls::Certificate> m_certificate;
    std::string m_rootPem;
    std::optional<tls::SystemTime> m_dueAt;
    std::string m_newKey; // while an answer is awaited
    bool m_hopeless = false;
};

} // namespace sallyport::agent
