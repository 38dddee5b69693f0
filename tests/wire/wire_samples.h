// Messages with every field set, for the tests of this folder.
#pragma once

#include <sallyport/wire/message_codec.h>

#include <string>
#include <vector>

namespace sallyport::wire::test {

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
    return request;
}

inline TunnelGrant sampleGrant(std::string ref = "web", uint32_t id = 7)
{
    return {std::move(ref), id, "api", {"https://api.example.com", "https://*.acme.org"}};
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
            Reauth{{"token", Secret("spt_next")}},
            StreamFailed{12, StreamFailure::UpstreamRefused, "127.0.0.1:3000"},
            sampleWelcome(),
            TunnelOpened{sampleGrant()},
            TunnelRefused{"web", Refusal(RefusalCode::NameTaken)},
            Refuse{Refusal(RefusalCode::BadCredentials)},
            Drain{30000},
            Challenge{"token", "bm9uY2U"},
            Notice{NoticeLevel::Warning, "the certificate ends in three days"},
            Unsupported{"tunnel.paint"}};
}

} // namespace sallyport::wire::test
