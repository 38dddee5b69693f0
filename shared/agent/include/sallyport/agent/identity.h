// The certificate by which an agent proves who it is (auth scheme `mtls`), as files.
//
// One file, a bundle, may hold it all: the private key, its certificate with those of the
// authorities between, and the root, which then is also whom the agent believes about the relay.
// `sallyport-relay ca issue` writes such bundles.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/tls/keys.h>

#include <string>

namespace sallyport::agent {

struct IdentityFiles
{
    std::string certificate; // PEM; empty: there is no identity
    std::string key;         // PEM; empty: it is in the certificate's file

    bool empty() const { return certificate.empty(); }
    bool operator==(const IdentityFiles&) const = default;
};

struct Identity
{
    tls::KeyPair keys;     // the chain without the root
    tls::Certificate leaf; // whose common name is who we are
    std::string rootPem;   // empty: the file has none
    bool expired = false;
};

// The error is a sentence that names the file and the way out. A key that others may read is
// refused.
Result<Identity, std::string> readIdentity(const IdentityFiles& files, tls::SystemTime now);
// Who we are, for people.
std::string identityName(const tls::Certificate& leaf);

} // namespace sallyport::agent
