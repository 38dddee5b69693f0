#include <sallyport/auth/token.h>
#include <sallyport/control/credential.h>
#include <sallyport/jose/jws.h>
#include <sallyport/wire/join_line.h>

#include <algorithm>

namespace sallyport::control {

Result<Credential, std::string> credentialFromJoinLine(const Secret& text)
{
    auto line = wire::parseJoinLine(text.reveal());
    if (!line)
        return Failure("the join line can't be used: " + std::string(wire::describe(line.error())));
    Credential credential;
    credential.relay.host = line->host;
    credential.relay.port = line->port;
    credential.token = line->token;
    credential.pin = line->pin;
    return credential;
}

Result<Secret, std::string> tokenFromText(const Secret& text)
{
    std::string_view plain = text.reveal();
    plain.remove_prefix(std::min(plain.find_first_not_of(" \t\r\n"), plain.size()));
    plain = plain.substr(0, plain.find_last_not_of(" \t\r\n") + 1);
    if (jose::looksLikeJwt(plain))
        return Secret(std::string(plain));
    auto token = auth::Token::parse(text.reveal());
    if (!token)
        return Failure("neither a join line (sallyport://...) nor a token: " +
                       auth::toText(token.error()));
    return token->secret();
}

Result<Credential, std::string> credentialFrom(const NewAccount& account)
{
    if (!account.joinLine.empty())
        return credentialFromJoinLine(account.joinLine);
    auto relay = config::RelayAddress::parse(account.relay);
    if (!relay)
        return Failure("the relay's address " + relay.error());
    auto token = tokenFromText(account.token);
    if (!token)
        return Failure(token.error());
    Credential credential{*relay, std::nullopt, *token};
    if (!account.pin.empty()) {
        auto pin = config::readPin(account.pin);
        if (!pin)
            return Failure("the pin " + pin.error());
        credential.pin = *pin;
    }
    return credential;
}

} // namespace sallyport::control
