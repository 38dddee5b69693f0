// What a person pastes to log in, understood: a join line, or a token.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>
#include <sallyport/config/agent_config.h>
#include <sallyport/control/account.h>

#include <optional>
#include <string>

namespace sallyport::control {

struct Credential
{
    config::RelayAddress relay;
    std::optional<SpkiPin> pin;
    Secret token;
};

// Errors are sentences; they never repeat what was given.
Result<Credential, std::string> credentialFromJoinLine(const Secret& line);
// A token of the relay's or a signed one, without the blanks around it.
Result<Secret, std::string> tokenFromText(const Secret& text);
Result<Credential, std::string> credentialFrom(const NewAccount& account);

} // namespace sallyport::control
