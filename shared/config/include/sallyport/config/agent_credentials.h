// Where the agent gets its token from, beside `token` itself and the keychain.
#pragma once

#include <sallyport/config/fields.h>
#include <sallyport/config/loader.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace sallyport::config {

struct AgentCredentials
{
    using Milliseconds = std::chrono::milliseconds;

    // Read anew each time a token is needed.
    std::string tokenFile;

    // A program that prints a token. Empty: none.
    std::vector<std::string> command;
    Milliseconds commandTimeout{15'000};
    Milliseconds commandCache{0};

    // Tokens that the agent signs itself.
    struct Jwt
    {
        std::string secretFile; // empty: it does not
        std::string issuer = "sallyport";
        std::string audience = "sallyport";
        std::string subject; // empty: the agent's name
        Milliseconds ttl{60'000};
        std::vector<std::string> names{"any"};
        std::vector<std::string> hostnames{"any"};
        std::vector<std::string> tcpPorts{"any"};
        Milliseconds reauthInterval{0};
        bool operator==(const Jwt&) const = default;
    } jwt;

    bool operator==(const AgentCredentials&) const = default;

    void declare(Fields& fields);
    // At most one of the sources, `token` among them.
    void validate(Loader& loader, bool tokenGiven) const;
    // What stands in the file gives way to a token that came from the environment.
    void yieldToToken(const Loader& loader);
};

} // namespace sallyport::config
