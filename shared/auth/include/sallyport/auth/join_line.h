// The line that the relay prints and `sallyport login` takes: everything an agent needs to connect.
//
//     sallyport://spt_...@tunnel.example.com:7000?pin=sha256:...
#pragma once

#include <sallyport/auth/token.h>
#include <sallyport/base/result.h>
#include <sallyport/config/addresses.h>
#include <sallyport/config/agent_config.h>

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::auth {

struct JoinLine
{
    Token token;
    config::Endpoint relay;
    std::optional<config::Pin> pin; // without one the system's authorities decide

    // Contains the token: for a terminal or the keychain alone.
    Secret text() const;
    // Fails with a sentence that does not repeat the secret.
    static Result<JoinLine, std::string> parse(std::string_view text);
    // Whether a pasted text means to be a join line (else it may be a bare token).
    static bool looksLikeOne(std::string_view text);
};

} // namespace sallyport::auth
