#include "admin/control_socket.h"
#include "commands/commands.h"
#include "commands/output.h"
#include "state_files.h"

#include <sallyport/auth/token_store.h>
#include <sallyport/auth/token_usage.h>

#include <QJsonArray>
#include <QJsonObject>

#include <cstdio>

namespace sallyport::relay {

namespace {

auth::Patterns patterns(const std::vector<std::string>& items)
{
    if (items.size() == 1 && items[0] == "any")
        return auth::Patterns::all();
    if (items.size() == 1 && items[0] == "none")
        return auth::Patterns::none();
    return {false, items};
}

// The error is a sentence.
Result<auth::TokenRequest, std::string> requestFrom(const TokenAddOptions& options)
{
    auth::TokenRequest request;
    request.name = options.name;
    for (const std::string& kind : options.kinds) {
        const auto parsed = wire::kindFromText(kind);
        if (!parsed)
            return Failure("--kind " + kind + ": must be http, tcp, tls or udp");
        request.permissions.kinds.push_back(*parsed);
    }
    if (!options.names.empty())
        request.permissions.names = patterns(options.names);
    if (!options.hostnames.empty())
        request.permissions.hostnames = patterns(options.hostnames);
    if (!options.ports.empty()) {
        auto ports = config::PortRanges::parse(options.ports);
        if (!ports)
            return Failure("--ports: " + ports.error());
        request.permissions.ports = *ports;
    }
    if (!options.expires.empty()) {
        auto expires = auth::parseExpiry(options.expires, auth::timestampNow());
        if (!expires)
            return Failure("--expires: " + expires.error());
        request.expires = *expires;
    }
    return request;
}

std::string join(const std::vector<std::string>& items)
{
    std::string text;
    for (const std::string& item : items)
        text += (text.empty() ? "" : ",") + item;
    return text;
}

std::string textOf(const auth::Patterns& patterns)
{
    return patterns.any ? "any" : patterns.items.empty() ? "none" : join(patterns.items);
}

std::string kindsOf(const auth::Permissions& permissions)
{
    std::vector<std::string> kinds;
    for (config::TunnelKind kind : permissions.kinds)
        kinds.emplace_back(wire::kindText(kind));
    return kinds.empty() ? "any" : join(kinds);
}

void auditChange(const config::RelayConfig& config, AuditEvent event,
                 const auth::TokenRecord& record)
{
    const AuditLog audit = commandAudit(config);
    audit.record(event, {{"source", "command"},
                         {"tenant", record.name},
                         {"credential", record.id},
                         {"by", invokingUser()}});
}

} // namespace

void tellRunningRelay(const config::RelayConfig& config)
{
    std::string notRunning;
    ControlSocket::ask(config.stateDir, "reload", notRunning);
}

int tokenAdd(const config::Sources& sources, const TokenAddOptions& options)
{
    const auto config = loadConfig(sources);
    if (!config)
        return Usage;
    auto request = requestFrom(options);
    if (!request)
        return fail(Usage, request.error());
    if (auto trouble = prepareStateFolder(*config))
        return fail(Failed, *trouble);
    auth::TokenStore store(config->tokensFile());
    auto added = store.add(*request, auth::timestampNow());
    if (!added)
        return fail(added.error().code == auth::StoreError::Code::Invalid ? Usage : Failed,
                    added.error().message);
    auditChange(*config, AuditEvent::TokenAdded, added->record);
    tellRunningRelay(*config);
    std::fprintf(stderr, "token %s for \"%s\" added to %s; it is shown this once:\n",
                 added->record.id.c_str(), added->record.name.c_str(), store.file().c_str());
    std::string shown(added->token.reveal());
    if (options.joinLine) {
        const auto keys = relayKeys(*config);
        if (!keys)
            return fail(Failed, keys.error());
        const uint16_t port =
            config->listen.agents.empty() ? 7000 : config->listen.agents.front().port;
        shown = joinLine(*config, added->token, *keys, port);
    }
    std::printf("%s\n", shown.c_str());
    return Fine;
}

int tokenList(const config::Sources& sources, bool json)
{
    const auto config = loadConfig(sources);
    if (!config)
        return Usage;
    auth::TokenStore store(config->tokensFile());
    const auto tokens = store.load();
    if (!tokens)
        return fail(Usage, tokens.error().text());
    auth::TokenUsage usage(auth::TokenUsage::fileFor(config->tokensFile()));
    usage.load();

    QJsonArray array;
    if (!json)
        std::printf("%-12s %-20s %-10s %-20s %-20s %-14s %-20s %s\n", "ID", "NAME", "KINDS",
                    "NAMES", "HOSTNAMES", "PORTS", "EXPIRES", "LAST USED");
    for (const auth::TokenRecord& record : (*tokens)->records()) {
        const auto& allowed = record.permissions;
        const auto used = usage.lastUsed(record.id);
        const std::string expires = record.expires ? auth::timestampText(*record.expires) : "never";
        const std::string lastUsed = used ? auth::timestampText(*used) : "never";
        if (!json) {
            std::printf("%-12s %-20s %-10s %-20s %-20s %-14s %-20s %s\n", record.id.c_str(),
                        record.name.c_str(), kindsOf(allowed).c_str(),
                        textOf(allowed.names).c_str(), textOf(allowed.hostnames).c_str(),
                        allowed.ports.text().c_str(), expires.c_str(), lastUsed.c_str());
            continue;
        }
        QJsonObject object{{"id", text(record.id)},
                           {"name", text(record.name)},
                           {"kinds", text(kindsOf(allowed))},
                           {"names", text(textOf(allowed.names))},
                           {"hostnames", text(textOf(allowed.hostnames))},
                           {"ports", text(allowed.ports.text())}};
        if (record.created)
            object["created"] = text(auth::timestampText(*record.created));
        if (record.expires)
            object["expires"] = text(expires);
        if (used)
            object["last_used"] = text(lastUsed);
        array.append(object);
    }
    if (json)
        printJson(array);
    return Fine;
}

int tokenRevoke(const config::Sources& sources, const std::string& idOrName)
{
    const auto config = loadConfig(sources);
    if (!config)
        return Usage;
    auth::TokenStore store(config->tokensFile());
    auto revoked = store.revoke(idOrName);
    if (!revoked)
        return fail(Failed, revoked.error().message);
    auditChange(*config, AuditEvent::TokenRevoked, *revoked);
    tellRunningRelay(*config);
    std::fprintf(stderr, "token %s (\"%s\") revoked; a running relay closes its links now\n",
                 revoked->id.c_str(), revoked->name.c_str());
    return Fine;
}

} // namespace sallyport::relay
