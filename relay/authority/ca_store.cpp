#include "authority/ca_store.h"

#include "authority/ca_lock.h"

#include <sallyport/config/files.h>
#include <sallyport/tls/private_key.h>
#include <sallyport/tls/revocation.h>

#include <algorithm>
#include <utility>

namespace sallyport::relay {

namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr auto RootLifetime = hours(24 * 365 * 20);
constexpr auto IntermediateLifetime = hours(24 * 365 * 5);
constexpr auto ServerLifetime = hours(24 * 825);
// Clocks of agents and relay differ.
constexpr auto Skew = hours(1);

tls::Validity validityFrom(auth::Timestamp now, seconds lifetime)
{
    return {now - std::min<seconds>(Skew, lifetime / 10), now + lifetime};
}

CaError failed(const std::string& doing, const tls::Error& error)
{
    return {CaError::Code::Invalid, doing + ": " + error.message};
}

auth::Timestamp wholeSeconds(tls::SystemTime time)
{
    return std::chrono::floor<seconds>(time);
}

std::string intermediateName(const std::string& name)
{
    return name + " agents";
}

// The relay's chain. The error is a sentence.
Result<std::string, CaError> certifyServer(tls::Authority& signer, const std::string& middlePem,
                                           const std::string& keyPem,
                                           const std::vector<std::string>& names,
                                           auth::Timestamp now)
{
    const auto leaf = signer.certifyKey(keyPem, {tls::CertificateUse::Server, "sallyport relay",
                                                 names, validityFrom(now, ServerLifetime)});
    if (!leaf)
        return Failure(failed("certifying the relay's key", leaf.error()));
    return *leaf + middlePem;
}

} // namespace

CaStore::CaStore(std::string folder, std::chrono::milliseconds lockTimeout)
    : m_folder(std::move(folder)), m_lockTimeout(lockTimeout)
{}

// --- making the authority ---

Result<void, CaError> CaStore::init(const CaInit& init, auth::Timestamp now)
{
    if (init.name.empty() || init.name.size() > 50)
        return Failure(
            CaError{CaError::Code::Invalid, "the authority's name has 1 to 50 characters"});
    if (auto made = config::makeFolder(m_folder); !made)
        return Failure(
            CaError{CaError::Code::Unwritable, m_folder + " " + config::toText(made.error())});
    const CaLock lock(m_folder, m_lockTimeout);
    if (auto error = lock.error())
        return Failure(std::move(*error));
    const std::string rootKeyFile =
        init.rootKey.file.empty() ? file("root.key") : init.rootKey.file;
    for (const std::string& path : {file("intermediate.crt"), rootKeyFile})
        if (config::readFile(path).ok())
            return Failure(CaError{CaError::Code::Exists,
                                   path + " exists: there is an authority already, whose "
                                          "certificates a new one would not know"});

    const auto rootPair =
        tls::makeRootAuthority(init.name + " root", validityFrom(now, RootLifetime));
    auto key = tls::makeKey();
    if (!rootPair || !key)
        return Failure(failed("making the root", rootPair ? key.error() : rootPair.error()));
    auto rootSigner = tls::Authority::fromKeyPair(*rootPair, now);
    if (!rootSigner)
        return Failure(failed("making the root", rootSigner.error()));
    const auto middle = rootSigner->certifyKey(*key, {tls::CertificateUse::Intermediate,
                                                      intermediateName(init.name),
                                                      {},
                                                      validityFrom(now, IntermediateLifetime)});
    const auto rootCrl = rootSigner->makeCrl({}, uint64_t(now.time_since_epoch().count()),
                                             {now - Skew, rootSigner->certificate().notAfter});
    if (!middle || !rootCrl)
        return Failure(
            failed("making the intermediate", middle ? rootCrl.error() : middle.error()));
    auto signer = tls::Authority::fromKeyPair({*middle, *key}, now);
    if (!signer)
        return Failure(failed("making the intermediate", signer.error()));

    const auto server = certifyServer(*signer, *middle, init.serverKeyPem, init.serverNames, now);
    if (!server)
        return Failure(server.error());

    std::string rootKey = rootPair.value().keyPem;
    if (init.rootKey.passphrase) {
        auto sealed = tls::encryptKey(rootKey, *init.rootKey.passphrase);
        if (!sealed)
            return Failure(failed("encrypting the root's key", sealed.error()));
        rootKey = std::move(*sealed);
    }
    // The intermediate's certificate is what makes it an authority, and comes last.
    const std::pair<std::string, std::string> files[] = {
        {rootKeyFile, rootKey},       {file("root.crt"), rootPair.value().chainPem},
        {file("root.crl"), *rootCrl}, {file("index.txt"), CaIndex().text()},
        {file("tenants.yaml"), ""},   {file("intermediate.key"), *key},
    };
    for (const auto& [path, text] : files)
        if (auto written = write(path, text); !written)
            return written;
    if (auto written = writeCrl(*signer, CaIndex(), now); !written)
        return written;
    if (auto written = write(file("server.crt"), server.value(), 0644); !written)
        return written;
    return write(file("intermediate.crt"), *middle);
}

Result<void, CaError> CaStore::writeCrl(tls::Authority& signer, const CaIndex& index,
                                        auth::Timestamp now) const
{
    std::vector<tls::RevokedSerial> revoked;
    for (const IssuedCertificate& c : index.certificates())
        if (c.revoked && c.expires > now)
            revoked.push_back({c.serial, *c.revoked});
    // It is read on this machine alone, where nobody can hold back a newer one.
    const auto crl = signer.makeCrl(revoked, uint64_t(now.time_since_epoch().count()),
                                    {now - Skew, signer.certificate().notAfter});
    if (!crl)
        return Failure(failed("making the revocation list", crl.error()));
    return write(file("agents.crl"), *crl);
}

// --- certificates ---

Result<CaIssued, CaError> CaStore::issue(const CaIssue& issue, auth::Timestamp now)
{
    if (!auth::isTenantName(issue.name))
        return Failure(
            CaError{CaError::Code::Invalid, "a name is 1 to 64 letters, digits, or . _ - @"});
    if (!exists())
        return Failure(load().error());
    const CaLock lock(m_folder, m_lockTimeout);
    if (auto error = lock.error())
        return Failure(std::move(*error));
    if (auto updated = updateTenant(issue.name, issue.policy); !updated)
        return Failure(updated.error());
    return certify(issue, now);
}

Result<CaIssued, CaError> CaStore::renew(const std::string& serial, const std::string& requestPem,
                                         auth::Timestamp now)
{
    const CaLock lock(m_folder, m_lockTimeout);
    if (auto error = lock.error())
        return Failure(std::move(*error));
    const auto index = readIndex();
    if (!index)
        return Failure(index.error());
    const IssuedCertificate* old = index.value().find(serial);
    if (!old || !old->isGood(now))
        return Failure(
            CaError{CaError::Code::NotAllowed, !old ? "this authority did not issue the certificate"
                                               : old->revoked ? "the certificate is revoked"
                                                              : "the certificate has expired"});
    CaIssue issue;
    issue.name = old->name;
    issue.lifetime = old->expires - old->issued;
    issue.requestPem = requestPem;
    return certify(issue, now);
}

Result<CaIssued, CaError> CaStore::certify(const CaIssue& issue, auth::Timestamp now) const
{
    auto index = readIndex();
    if (!index)
        return Failure(index.error());
    auto signer = intermediate(now);
    if (!signer)
        return Failure(signer.error());
    CaIssued issued;
    const tls::CertificatePlan plan{
        tls::CertificateUse::Client, issue.name, {}, validityFrom(now, issue.lifetime)};
    if (!issue.requestPem) {
        auto key = tls::makeKey();
        if (!key)
            return Failure(failed("making a key", key.error()));
        issued.keyPem = std::move(*key);
    }
    const auto leaf = issue.requestPem ? signer->certifyRequest(*issue.requestPem, plan)
                                       : signer->certifyKey(issued.keyPem, plan);
    if (!leaf)
        return Failure(CaError{CaError::Code::Invalid, leaf.error().message});
    const auto certificate = tls::Certificate::fromPem(*leaf);
    const auto middle = read(file("intermediate.crt"));
    auto rootPem = read(file("root.crt"));
    if (!certificate || !middle || !rootPem)
        return Failure(middle ? rootPem ? failed("reading it back", certificate.error())
                                        : rootPem.error()
                              : middle.error());
    issued.chainPem = *leaf + middle.value();
    issued.rootPem = std::move(*rootPem);
    issued.record = {certificate.value().serial, issue.name, now,
                     wholeSeconds(certificate.value().notAfter), std::nullopt};
    // Listed before anybody has it.
    index->prune(now);
    if (!index->add(issued.record))
        return Failure(CaError{CaError::Code::Full, file("index.txt") + " holds " +
                                                        std::to_string(CaIndex::MaxCertificates) +
                                                        " certificates, which is the most"});
    if (auto written = writeIndex(*index); !written)
        return Failure(written.error());
    return issued;
}

Result<std::vector<IssuedCertificate>, CaError> CaStore::revoke(const std::string& nameOrSerial,
                                                                auth::Timestamp now)
{
    if (!exists())
        return Failure(load().error());
    const CaLock lock(m_folder, m_lockTimeout);
    if (auto error = lock.error())
        return Failure(std::move(*error));
    auto index = readIndex();
    if (!index)
        return Failure(index.error());
    auto revoked = index->revoke(nameOrSerial, now);
    if (revoked.empty())
        return Failure(
            CaError{CaError::Code::NotFound,
                    "no valid certificate has the name or serial number \"" + nameOrSerial + "\""});
    if (auto written = writeIndex(*index); !written)
        return Failure(written.error());
    auto signer = intermediate(now);
    if (!signer)
        return Failure(signer.error());
    if (auto written = writeCrl(*signer, *index, now); !written)
        return Failure(written.error());
    return revoked;
}

// --- renewing the authority ---

Result<void, CaError> CaStore::renewServer(const std::string& serverKeyPem,
                                           const std::vector<std::string>& names,
                                           auth::Timestamp now)
{
    if (!exists())
        return Failure(load().error());
    const CaLock lock(m_folder, m_lockTimeout);
    if (auto error = lock.error())
        return Failure(std::move(*error));
    auto signer = intermediate(now);
    if (!signer)
        return Failure(signer.error());
    const auto middle = read(file("intermediate.crt"));
    if (!middle)
        return Failure(middle.error());
    // The names that it had, and the new ones.
    std::vector<std::string> all = names;
    if (const auto old = read(file("server.crt")))
        if (const auto certificate = tls::Certificate::fromPem(old.value()))
            for (const std::string& name : certificate.value().names)
                if (std::find(all.begin(), all.end(), name) == all.end())
                    all.push_back(name);
    const auto server = certifyServer(*signer, middle.value(), serverKeyPem, all, now);
    if (!server)
        return Failure(server.error());
    return write(file("server.crt"), server.value(), 0644);
}

Result<void, CaError> CaStore::renewIntermediate(const RootKey& rootKey, bool newKey,
                                                 auth::Timestamp now)
{
    if (!exists())
        return Failure(load().error());
    const CaLock lock(m_folder, m_lockTimeout);
    if (auto error = lock.error())
        return Failure(std::move(*error));
    const auto rootPair = root(rootKey);
    const auto oldPem = read(file("intermediate.crt"));
    auto key = read(file("intermediate.key"));
    auto index = readIndex();
    const auto rootCrl = read(file("root.crl"));
    for (const CaError* error :
         {rootPair ? nullptr : &rootPair.error(), oldPem ? nullptr : &oldPem.error(),
          key ? nullptr : &key.error(), index ? nullptr : &index.error(),
          rootCrl ? nullptr : &rootCrl.error()})
        if (error)
            return Failure(*error);
    auto rootSigner = tls::Authority::fromKeyPair(*rootPair, now);
    if (!rootSigner)
        return Failure(failed(file("root.crt"), rootSigner.error()));
    const auto old = tls::Certificate::fromPem(oldPem.value());
    if (!old)
        return Failure(failed(file("intermediate.crt"), old.error()));
    if (newKey) {
        auto fresh = tls::makeKey();
        if (!fresh)
            return Failure(failed("making a key", fresh.error()));
        *key = std::move(*fresh);
    }
    // The same name and key: what the old one signed, lists included, stays good.
    const auto middle = rootSigner->certifyKey(*key, {tls::CertificateUse::Intermediate,
                                                      old.value().commonName,
                                                      {},
                                                      validityFrom(now, IntermediateLifetime)});
    if (!middle)
        return Failure(failed("making the intermediate", middle.error()));
    auto signer = tls::Authority::fromKeyPair({*middle, *key}, now);
    if (!signer)
        return Failure(failed("making the intermediate", signer.error()));
    if (newKey) {
        const auto lists = tls::RevocationLists::fromText(rootCrl.value());
        if (!lists)
            return Failure(failed(file("root.crl"), lists.error()));
        std::vector<tls::RevokedSerial> revoked =
            lists.value()->revokedBy(rootSigner->certificate().subject);
        revoked.push_back({old.value().serial, now});
        const auto crl = rootSigner->makeCrl(revoked, uint64_t(now.time_since_epoch().count()),
                                             {now - Skew, rootSigner->certificate().notAfter});
        if (!crl)
            return Failure(failed("making the root's revocation list", crl.error()));
        index->revokeAll(now);
        if (auto written = writeIndex(*index); !written)
            return written;
        if (auto written = write(file("root.crl"), *crl); !written)
            return written;
        if (auto written = write(file("intermediate.key"), *key); !written)
            return written;
    }
    if (auto written = write(file("intermediate.crt"), *middle); !written)
        return written;
    return writeCrl(*signer, *index, now);
}

} // namespace sallyport::relay
