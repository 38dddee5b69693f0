// auth.jwt of relay.yaml: whose signed tokens the relay believes, and under which conditions.
#pragma once

#include <sallyport/config/fields.h>
#include <sallyport/config/loader.h>
#include <sallyport/config/ports.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace sallyport::config {

struct JwtConfig
{
    using Milliseconds = std::chrono::milliseconds;

    // Where keys come from; any of them.
    std::string secretFile;
    std::string keysFile; // PEM or JWKS
    std::string jwksUrl;
    Milliseconds jwksRefresh{std::chrono::minutes(15)};
    // Who is asked instead; the keys serve when it cannot be reached.
    std::string verifierUrl;
    Milliseconds verifierTimeout{10'000};
    uint64_t verifierRequests = 32; // at once; as many again wait for each
    bool allowPlainHttp = false;

    std::vector<std::string> issuers;
    std::vector<std::string> audiences;
    std::string tenantClaim = "sub";
    std::string tenantPrefix;
    bool expiryRequired = true;
    Milliseconds skew{30'000};
    Milliseconds maxLifetime{0};
    enum class Nonce { Optional, Required };
    Nonce nonce = Nonce::Optional;
    Milliseconds reauthInterval{0};
    Milliseconds reauthGrace{10'000};
    Milliseconds maintenanceGrace{std::chrono::minutes(30)};
    std::vector<std::string> defaultNames;
    PortRanges defaultPorts;

    bool isUsed() const { return hasKeys() || !verifierUrl.empty(); }
    bool hasKeys() const { return !secretFile.empty() || !keysFile.empty() || !jwksUrl.empty(); }

    void declare(Fields& fields);
    void validate(Loader& loader) const;
};

} // namespace sallyport::config
