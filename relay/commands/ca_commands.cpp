#include "commands/ca_commands.h"

#include "commands/output.h"
#include "state_files.h"

#include <sallyport/auth/token_usage.h>
#include <sallyport/config/files.h>
#include <sallyport/config/read_secret.h>
#include <sallyport/config/units.h>

#include <QJsonArray>
#include <QJsonObject>

#include <cstdio>

namespace sallyport::relay {

namespace {

int fail(const CaError& error)
{
    return relay::fail(error.code == CaError::Code::Invalid ? Usage : Failed, error.message);
}

CaStore storeOf(const config::RelayConfig& config)
{
    return CaStore(CaStore::folderIn(config.stateDir));
}

std::vector<std::string> serverNames(const config::RelayConfig& config,
                                     const std::vector<std::string>& more)
{
    std::vector<std::string> names{relayHost(config)};
    names.insert(names.end(), more.begin(), more.end());
    return names;
}

// One line of a file or of a terminal; never an argument, which every user of the machine can see.
Result<std::optional<Secret>, std::string> passphraseFrom(const CaRootOptions& options, bool isNew)
{
    if (!options.passphraseFile.empty()) {
        auto read = config::readFile(options.passphraseFile);
        if (!read)
            return Failure(options.passphraseFile + " " + config::toText(read.error()));
        const Secret line(read->text.substr(0, read->text.find_first_of("\r\n")));
        if (line.empty())
            return Failure(options.passphraseFile + ": the first line is empty");
        return std::optional(line);
    }
    if (!options.askPassphrase)
        return std::optional<Secret>();
    auto first = config::readSecret("Pass phrase of the root's key: ");
    if (!first)
        return Failure(std::string("no pass phrase was given"));
    if (!isNew || !config::secretsComeFromATerminal())
        return first;
    const auto second = config::readSecret("The same again: ");
    if (!second || !(*second == *first))
        return Failure(std::string("the two pass phrases differ"));
    return first;
}

// The error is a sentence.
Result<RootKey, std::string> rootKeyFrom(const CaRootOptions& options, bool isNew)
{
    auto passphrase = passphraseFrom(options, isNew);
    if (!passphrase)
        return Failure(passphrase.error());
    return RootKey{options.keyFile, std::move(*passphrase)};
}

auth::Patterns patterns(const std::vector<std::string>& items)
{
    if (items.size() == 1 && items[0] == "any")
        return auth::Patterns::all();
    if (items.size() == 1 && items[0] == "none")
        return auth::Patterns::none();
    return {false, items};
}

Result<CaIssue, std::string> issueFrom(const CaIssueOptions& options)
{
    CaIssue issue;
    issue.name = options.name;
    if (!options.kinds.empty()) {
        issue.policy.kinds.emplace();
        for (const std::string& kind : options.kinds) {
            const auto parsed = wire::kindFromText(kind);
            if (!parsed && kind != "any")
                return Failure("--kinds " + kind + ": must be http, tcp, tls or udp");
            if (parsed)
                issue.policy.kinds->push_back(*parsed);
        }
    }
    if (!options.names.empty())
        issue.policy.names = patterns(options.names);
    if (!options.hostnames.empty())
        issue.policy.hostnames = patterns(options.hostnames);
    if (!options.ports.empty()) {
        auto ports = config::PortRanges::parse(options.ports);
        if (!ports)
            return Failure("--ports: " + ports.error());
        issue.policy.ports = *ports;
    }
    if (options.days > 0) {
        issue.lifetime = std::chrono::hours(24 * options.days);
    } else {
        const auth::Timestamp now = auth::timestampNow();
        const auto end = auth::parseExpiry(options.lifetime, now);
        if (!end)
            return Failure("--lifetime: " + end.error());
        if (!*end || **end <= now)
            return Failure(std::string("--lifetime: a certificate ends some day"));
        issue.lifetime = **end - now;
    }
    if (!options.requestFile.empty()) {
        auto request = config::readFile(options.requestFile);
        if (!request)
            return Failure("--csr " + options.requestFile + " " + config::toText(request.error()));
        issue.requestPem = std::move(request->text);
    }
    return issue;
}

void auditAuthority(const config::RelayConfig& config, std::string_view what)
{
    const AuditLog audit = commandAudit(config);
    audit.record(AuditEvent::AuthorityChanged,
                 {{"source", "command"}, {"action", what}, {"by", invokingUser()}});
}

void auditCertificate(const AuditLog& audit, AuditEvent event, const IssuedCertificate& certificate)
{
    audit.record(event, {{"source", "command"},
                         {"tenant", certificate.name},
                         {"serial", certificate.serial},
                         {"not_after", auth::timestampText(certificate.expires)},
                         {"by", invokingUser()}});
}

} // namespace

int caInit(const config::Sources& sources, const CaInitOptions& options)
{
    const auto config = loadConfig(sources);
    if (!config)
        return Usage;
    auto rootKey = rootKeyFrom(options.root, true);
    if (!rootKey)
        return fail(Usage, rootKey.error());
    if (auto trouble = prepareStateFolder(*config))
        return fail(Failed, *trouble);
    // The relay keeps its key, so that pins in agents' configurations stay good.
    auto keys = relayKeys(*config);
    if (!keys)
        return fail(Failed, keys.error());
    CaInit init;
    init.name = options.name.empty() ? relayHost(*config).substr(0, 50) : options.name;
    init.rootKey = std::move(*rootKey);
    init.serverKeyPem = keys->keyPem;
    init.serverNames = serverNames(*config, options.hosts);
    CaStore store = storeOf(*config);
    if (auto made = store.init(init, auth::timestampNow()); !made)
        return fail(made.error());
    auditAuthority(*config, "init");
    tellRunningRelay(*config);
    const std::string rootFile =
        init.rootKey.file.empty() ? store.file("root.key") : init.rootKey.file;
    std::fprintf(stderr,
                 "The authority is made, in %s. Its root's key, %s, is needed only to renew the "
                 "intermediate: move it to a place that this machine can't reach, and keep a "
                 "copy.\nNext: sallyport-relay ca issue NAME -o NAME.pem\n",
                 CaStore::folderIn(config->stateDir).c_str(), rootFile.c_str());
    return Fine;
}

int caIssue(const config::Sources& sources, const CaIssueOptions& options)
{
    const auto config = loadConfig(sources);
    if (!config)
        return Usage;
    auto request = issueFrom(options);
    if (!request)
        return fail(Usage, request.error());
    CaStore store = storeOf(*config);
    const auth::Timestamp now = auth::timestampNow();
    auto issued = store.issue(*request, now);
    if (!issued)
        return fail(issued.error());
    std::string bundle = issued->keyPem + issued->chainPem;
    // With another certificate on the listener the root says nothing about the relay.
    if (config->tls.certificate.empty())
        bundle += issued->rootPem;
    if (options.output == "-") {
        std::printf("%s", bundle.c_str());
    } else if (auto written = config::writeFileAtomically(options.output, bundle, 0600); !written) {
        (void)store.revoke(issued->record.serial, now);
        return fail(Failed, options.output + " " + config::toText(written.error()));
    }
    auditCertificate(commandAudit(*config), AuditEvent::CertificateIssued, issued->record);
    tellRunningRelay(*config);
    std::fprintf(stderr, "certificate %s for \"%s\", valid until %s%s%s\n",
                 issued->record.serial.c_str(), issued->record.name.c_str(),
                 auth::timestampText(issued->record.expires).c_str(),
                 options.output == "-" ? "" : ", written to ",
                 options.output == "-" ? "" : options.output.c_str());
    if (issued->record.expires < now + request->lifetime)
        std::fprintf(stderr, "it ends that early because the intermediate does: sallyport-relay ca "
                             "renew intermediate\n");
    return Fine;
}

int caList(const config::Sources& sources, bool json)
{
    const auto config = loadConfig(sources);
    if (!config)
        return Usage;
    const auto contents = storeOf(*config).load();
    if (!contents)
        return fail(contents.error());
    auth::TokenUsage usage(storeOf(*config).file("last_seen"));
    usage.load();
    const auth::Timestamp now = auth::timestampNow();
    QJsonArray array;
    if (!json)
        std::printf("%-34s %-20s %-8s %-21s %-21s %s\n", "SERIAL", "NAME", "STATE", "ISSUED",
                    "EXPIRES", "LAST SEEN");
    for (const IssuedCertificate& c : contents.value().index.certificates()) {
        const auto seen = usage.lastUsed(c.serial);
        const char* state = c.revoked ? "revoked" : c.expires <= now ? "expired" : "good";
        const std::string lastSeen = seen ? auth::timestampText(*seen) : "never";
        if (!json) {
            std::printf("%-34s %-20s %-8s %-21s %-21s %s\n", c.serial.c_str(), c.name.c_str(),
                        state, auth::timestampText(c.issued).c_str(),
                        auth::timestampText(c.expires).c_str(), lastSeen.c_str());
            continue;
        }
        QJsonObject object{{"serial", text(c.serial)},
                           {"name", text(c.name)},
                           {"state", state},
                           {"issued", text(auth::timestampText(c.issued))},
                           {"expires", text(auth::timestampText(c.expires))}};
        if (c.revoked)
            object["revoked"] = text(auth::timestampText(*c.revoked));
        if (seen)
            object["last_seen"] = text(lastSeen);
        array.append(object);
    }
    if (json)
        printJson(array);
    return Fine;
}

int caRevoke(const config::Sources& sources, const std::string& nameOrSerial)
{
    const auto config = loadConfig(sources);
    if (!config)
        return Usage;
    auto revoked = storeOf(*config).revoke(nameOrSerial, auth::timestampNow());
    if (!revoked)
        return fail(revoked.error());
    tellRunningRelay(*config);
    const AuditLog audit = commandAudit(*config);
    for (const IssuedCertificate& c : *revoked) {
        auditCertificate(audit, AuditEvent::CertificateRevoked, c);
        std::fprintf(stderr,
                     "certificate %s (\"%s\") revoked; a running relay closes its links now\n",
                     c.serial.c_str(), c.name.c_str());
    }
    return Fine;
}

int caRenew(const config::Sources& sources, const CaRenewOptions& options)
{
    const auto config = loadConfig(sources);
    if (!config)
        return Usage;
    if (options.what == "root") {
        std::fprintf(
            stderr,
            "A root is not renewed but replaced, for it is what agents believe:\n"
            "1. stop the relay and move %s aside;\n"
            "2. sallyport-relay ca init, and ca issue for every agent;\n"
            "3. give the agents their new bundles, and start the relay.\n"
            "Agents that know the relay by its pin and have a token besides stay connected.\n",
            CaStore::folderIn(config->stateDir).c_str());
        return Fine;
    }
    CaStore store = storeOf(*config);
    const auth::Timestamp now = auth::timestampNow();
    if (options.what == "intermediate") {
        auto rootKey = rootKeyFrom(options.root, false);
        if (!rootKey)
            return fail(Usage, rootKey.error());
        if (auto done = store.renewIntermediate(*rootKey, options.newKey, now); !done)
            return fail(done.error());
    }
    // The server's certificate carries the intermediate along.
    const auto keys = relayKeys(*config);
    if (!keys)
        return fail(Failed, keys.error());
    if (auto done =
            store.renewServer(keys.value().keyPem, serverNames(*config, options.hosts), now);
        !done)
        return fail(done.error());
    auditAuthority(*config, options.what + (options.newKey ? " with a new key" : "") + " renewed");
    tellRunningRelay(*config);
    std::fprintf(stderr, "renewed%s\n",
                 options.newKey ? "; every certificate from before is revoked: issue them anew"
                                : "");
    return Fine;
}

} // namespace sallyport::relay
