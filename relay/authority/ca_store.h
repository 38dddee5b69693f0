// The relay's own certificate authority, as a folder (state_dir/ca):
//
//     root.crt                      whom agents and relay believe
//     root.key                      unless it was put elsewhere; needed for renewing the
//                                   intermediate alone
//     intermediate.crt, .key        sign every day
//     server.crt                    of the agents' listener, for the relay's own key
//     tenants.yaml                  what the holders of certificates may claim
//     index.txt                     what was issued and revoked (ca_index.h)
//     agents.crl, root.crl          the revocation lists, made from it
//     lock                          held while anything changes
//
// Every file is replaced whole; keys are readable by their owner alone. A change that is cut off in
// the middle leaves certificates that are listed and in nobody's hand, never one that is not
// listed.
//
// Threads: each call is complete in itself, and may wait for the lock; make one CaStore per thread.
#pragma once

#include "authority/ca_index.h"

#include <sallyport/auth/tenants.h>
#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>
#include <sallyport/tls/authority.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::relay {

struct CaError
{
    enum class Code {
        Invalid,    // the request itself
        Missing,    // there is no authority yet
        Exists,     // there is one
        Unreadable, // a file cannot be read or makes no sense
        Unwritable,
        Locked,     // another process held the lock for too long
        NotFound,   // nobody of that name, no such serial number
        NotAllowed, // renewal: the certificate that asks is revoked, expired or another's
        Full,       // CaIndex::MaxCertificates
    };
    Code code;
    std::string message; // a sentence that names the file
};

// A private key in a file, perhaps under a pass phrase.
struct RootKey
{
    std::string file; // empty: root.key of the folder
    std::optional<Secret> passphrase;
};

struct CaInit
{
    std::string name; // of the authority, for people: "example.com"
    RootKey rootKey;
    std::string serverKeyPem; // the relay's own
    std::vector<std::string> serverNames;
};

// Only what is given changes what the tenant may claim.
struct CaPolicy
{
    std::optional<std::vector<config::TunnelKind>> kinds;
    std::optional<auth::Patterns> names;
    std::optional<auth::Patterns> hostnames;
    std::optional<config::PortRanges> ports;
};

struct CaIssue
{
    std::string name; // the tenant
    CaPolicy policy;
    std::chrono::seconds lifetime = std::chrono::hours(24 * 90);
    std::optional<std::string> requestPem; // else a key is made
};

struct CaIssued
{
    std::string chainPem; // the certificate and the intermediate
    std::string keyPem;   // empty with a request
    std::string rootPem;
    IssuedCertificate record;
};

// All that a relay needs to judge certificates, at one moment.
struct CaContents
{
    std::string rootPem;
    std::string revocationLists;
    std::string serverChainPem; // with the intermediate; empty: none
    tls::SystemTime intermediateEnds;
    tls::SystemTime rootEnds;
    CaIndex index;
    auth::TenantSet tenants;
};

class CaStore
{
public:
    explicit CaStore(std::string folder,
                     std::chrono::milliseconds lockTimeout = std::chrono::seconds(5));

    static std::string folderIn(const std::string& stateDir) { return stateDir + "/ca"; }
    bool exists() const;
    // Those whose change a relay must notice.
    std::vector<std::string> watchedFiles() const;
    std::string file(const char* name) const { return m_folder + "/" + name; }

    Result<CaContents, CaError> load() const;

    Result<void, CaError> init(const CaInit& init, auth::Timestamp now);
    Result<CaIssued, CaError> issue(const CaIssue& issue, auth::Timestamp now);
    // For the holder of certificate `serial`, who has a new key: the same name, the same lifetime.
    Result<CaIssued, CaError> renew(const std::string& serial, const std::string& requestPem,
                                    auth::Timestamp now);
    // Good ones that now are not. NotFound when there is none.
    Result<std::vector<IssuedCertificate>, CaError> revoke(const std::string& nameOrSerial,
                                                           auth::Timestamp now);
    // With the names that it had, and these.
    Result<void, CaError> renewServer(const std::string& serverKeyPem,
                                      const std::vector<std::string>& names, auth::Timestamp now);
    // A longer life for the intermediate. With `newKey` (the old one was stolen) the old
    // intermediate is revoked, and with it every certificate that it signed.
    Result<void, CaError> renewIntermediate(const RootKey& rootKey, bool newKey,
                                            auth::Timestamp now);

private:
    Result<std::string, CaError> read(const std::string& path) const;
    Result<void, CaError> write(const std::string& path, const std::string& text,
                                unsigned mode = 0600) const;
    Result<tls::Authority, CaError> intermediate(auth::Timestamp now) const;
    Result<tls::KeyPair, CaError> root(const RootKey& key) const;
    Result<CaIndex, CaError> readIndex() const;
    Result<std::vector<auth::Tenant>, CaError> readTenants() const;
    Result<void, CaError> updateTenant(const std::string& name, const CaPolicy& policy) const;
    Result<void, CaError> writeIndex(const CaIndex& index) const;
    Result<void, CaError> writeCrl(tls::Authority& signer, const CaIndex& index,
                                   auth::Timestamp now) const;
    Result<CaIssued, CaError> certify(const CaIssue& issue, auth::Timestamp now) const;

    std::string m_folder;
    std::chrono::milliseconds m_lockTimeout;
};

} // namespace sallyport::relay
