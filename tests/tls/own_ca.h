// Our own authority for tests: root, intermediate, and what they sign.
#pragma once

#include "engine_pair.h"

#include <sallyport/tls/authority.h>
#include <sallyport/tls/context.h>
#include <sallyport/tls/revocation.h>

#include <string>
#include <vector>

namespace sallyport::tls::test {

inline Validity aroundNow(int daysBefore = 1, int daysAfter = 30)
{
    return {daysAgo(daysBefore), daysAgo(-daysAfter)};
}

struct OwnCa
{
    explicit OwnCa(const std::string& name = "Test")
        : root(makeRootAuthority(name + " Root", aroundNow(100, 3650)).value()),
          intermediate(under(root, name + " Intermediate"))
    {}

    // One with a key of its own, signed by `issuer`.
    static KeyPair certified(const KeyPair& issuer, const CertificatePlan& plan)
    {
        KeyPair pair;
        pair.keyPem = makeKey().value();
        pair.chainPem = Authority::fromKeyPair(issuer, std::chrono::system_clock::now())
                            .value()
                            .certifyKey(pair.keyPem, plan)
                            .value();
        return pair;
    }
    static KeyPair under(const KeyPair& issuer, const std::string& name)
    {
        return certified(issuer, {CertificateUse::Intermediate, name, {}, aroundNow(100, 3650)});
    }

    // With the intermediate in its chain.
    KeyPair issue(CertificatePlan plan) const
    {
        KeyPair pair = certified(intermediate, plan);
        pair.chainPem += intermediate.chainPem;
        return pair;
    }
    KeyPair client(const std::string& name, Validity validity = aroundNow()) const
    {
        return issue({CertificateUse::Client, name, {}, validity});
    }

    Authority signer() const
    {
        return Authority::fromKeyPair(intermediate, std::chrono::system_clock::now()).value();
    }
    std::string crl(const std::vector<KeyPair>& revoked, Validity validity = aroundNow()) const
    {
        std::vector<RevokedSerial> serials;
        for (const KeyPair& pair : revoked)
            serials.push_back({Certificate::fromPem(pair.chainPem).value().serial, daysAgo(0)});
        return signer().makeCrl(serials, 1, validity).value();
    }

    KeyPair root;
    KeyPair intermediate;
};

} // namespace sallyport::tls::test
