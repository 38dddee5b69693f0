// Messages with every field set, for the tests of this folder.
#pragma once

#include <sallyport/wire/message_codec.h>

#include <string>
#include <vector>

namespace sallyport::wire::test {

inline AccessPolicy sampleAccess()
{
    AccessPolicy access;
    access.realm = "home";
    access.users = {{"alice", "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
                              "aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhcw"}};
    access.tokenHashes = {"sha256:" + std::string(64, 'a')};
    access.tokenHeader = "X-Token";
    access.tokenQuery = "token";
    access.allow = {"10.0.0.0/8", "2001:db8::/32"};
    access.deny = {"10.0.0.66"};
    access.except = {"/.well-known/*"};
    access.passCredentials = true;
    return access;
}

inline TunnelRequest sampleRequest(std::string ref = "web")
{
    TunnelRequest request;
    request.ref = std::move(ref);
    request.kind = TunnelKind::Http;
    request.name = "api";
    request.hostname = "*.acme.org";
    request.remotePort = uint16_t(2222);
    request.options.proxyProtocol = true;
    request.options.hostHeader = "localhost:3000";
    request.options.plainHttp = true;
    request.options.upstreamProtocol = UpstreamProtocol::H2c;
    request.options.access = sampleAccess();
    return request;
}

inline TunnelGrant sampleGrant(std::string ref = "web", uint32_t id = 7)
{
    return {std::move(ref), id, "api", {"https://api.example.com", "https://*.acme.org"}, true};
}

inline Hello sampleHello()
{
    Hello hello;
    hello.agent = {"a1b2c3", "laptop", "0.1.0", "linux", "x86_64"};
    hello.auth.token = Secret("spt_example");
    hello.tunnels = {sampleRequest()};
    return hello;
}

inline Welcome sampleWelcome()
{
    return {"s-42", {sampleGrant()}, {{"ssh", Refusal(RefusalCode::PortTaken)}}};
}

inline std::vector<Message> sampleMessages()
{
    return {sampleHello(),
            TunnelOpen{sampleRequest()},
            TunnelClose{7},
            TunnelUpdate{7, sampleAccess()},
            Reauth{{"token", Secret("spt_next")}},
            StreamFailed{12, StreamFailure::UpstreamRefused, "127.0.0.1:3000"},
            sampleWelcome(),
            TunnelOpened{sampleGrant()},
            TunnelRefused{"web", Refusal(RefusalCode::NameTaken)},
            Refuse{Refusal(RefusalCode::BadCredentials)},
            Drain{30000},
            Challenge{"token", "bm9uY2U"},
            Notice{NoticeLevel::Warning, "the certificate ends in three days"},
            Unsupported{"tunnel.paint"},
            CertificateRenew{"-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n"
                             "-----END CERTIFICATE REQUEST-----\n"},
            CertificateIssued{"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"},
            CertificateRefused{Refusal(RefusalCode::RenewalUnsupported)},
            TunnelCheck{sampleRequest("?1")},
            TunnelChecked{"?1", false, {}, Refusal(RefusalCode::NameTaken)}};
}

} // namespace sallyport::wire::test
