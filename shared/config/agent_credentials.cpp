#include <sallyport/config/agent_credentials.h>

namespace sallyport::config {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

void AgentCredentials::declare(Fields& fields)
{
    fields.section("Credentials from elsewhere",
                   "Instead of `token` and the keychain; one of them. See identities.md.");
    fields.value("token_file", tokenFile, filePath(),
                 "A file that holds the credential, read anew at each link and whenever the relay "
                 "asks.");
    fields.list("token_command", command, plainText(4096), 64,
                "A program that prints a token (JWT), and its arguments. It is told what for in "
                "its environment: SALLYPORT_STAGE, SALLYPORT_NONCE, ...");
    fields.value("token_command_timeout", commandTimeout,
                 durationBetween(milliseconds(100), minutes(5)), "Time for it to answer.");
    fields.value("token_command_cache", commandCache, durationBetween(milliseconds(0), hours(24)),
                 "How long a token without a nonce is used again, if it does not expire before.");
    fields.value("jwt.secret_file", jwt.secretFile, filePath(),
                 "Sign tokens (HS256) with this secret, which the relay knows as "
                 "auth.jwt.secret_file.");
    fields.value("jwt.issuer", jwt.issuer, plainText(), "Their `iss`.");
    fields.value("jwt.audience", jwt.audience, plainText(), "Their `aud`.");
    fields.value("jwt.subject", jwt.subject, plainText(),
                 "Their `sub`, the tenant; this agent's name when it is not given.");
    fields.value("jwt.ttl", jwt.ttl, durationBetween(seconds(10), hours(24)),
                 "How long each lives.");
    fields.list("jwt.names", jwt.names, plainText(63), 100, "The names that they allow, or any.");
    fields.list("jwt.hostnames", jwt.hostnames, plainText(), 100,
                "The host names that they allow, or any.");
    fields.list("jwt.tcp_ports", jwt.tcpPorts, plainText(11), 100,
                "The ports and ranges that they allow, or any.");
    fields.value("jwt.reauth_interval", jwt.reauthInterval,
                 durationBetween(seconds(0), hours(24 * 30)),
                 "How often the relay is to ask for a fresh one; 0: before the old one expires.");
}

void AgentCredentials::validate(Loader& loader, bool tokenGiven) const
{
    const char* first = nullptr;
    const auto claim = [&](const char* path, bool given) {
        if (!given)
            return;
        if (first)
            loader.complain(path, std::string("stands beside ") + first +
                                      ": the agent can have one source of tokens");
        else
            first = path;
    };
    claim("token",
          tokenGiven && !(!tokenFile.empty() && loader.placeOf("token").kind != Place::Kind::File));
    claim("token_file", !tokenFile.empty());
    claim("token_command", !command.empty());
    claim("jwt.secret_file", !jwt.secretFile.empty());
}

void AgentCredentials::yieldToToken(const Loader& loader)
{
    const Place token = loader.placeOf("token");
    // SALLYPORT_TOKEN_FILE gives both, and then the file is what is asked.
    if (token.kind > Place::Kind::File && token.name != tokenFile) {
        tokenFile.clear();
        command.clear();
        jwt.secretFile.clear();
    }
}

} // namespace sallyport::config
