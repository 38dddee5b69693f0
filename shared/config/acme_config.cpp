#include <sallyport/config/acme_config.h>

#include <utility>

namespace sallyport::config {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr const char* LetsEncrypt = "https://acme-v02.api.letsencrypt.org/directory";
constexpr const char* LetsEncryptStaging = "https://acme-staging-v02.api.letsencrypt.org/directory";

Codec<std::string> webAddress()
{
    Codec<std::string> codec = plainText(2048);
    codec.type = "URL";
    codec.parse = [](std::string_view text) -> Result<std::string, std::string> {
        const bool web = text.starts_with("https://") || text.starts_with("http://");
        if (!web || text.ends_with("//") || text.find(' ') != std::string_view::npos)
            return Failure(std::string("is no https:// URL"));
        return std::string(text);
    };
    return codec;
}

Codec<std::string> hostAndMaybePort()
{
    Codec<std::string> codec = plainText();
    codec.type = "host or host:port";
    codec.parse = [](std::string_view text) -> Result<std::string, std::string> {
        const auto endpoint = Endpoint::parse(text, 53);
        if (!endpoint)
            return Failure(endpoint.error());
        return std::string(text);
    };
    return codec;
}

} // namespace

void DnsProviderConfig::declare(Fields& fields, const std::string& prefix)
{
    const std::string at = prefix + ".dns.";
    fields.value(at + "provider", kind,
                 oneOf<Kind>({{"none", Kind::None},
                              {"digitalocean", Kind::DigitalOcean},
                              {"cloudflare", Kind::Cloudflare},
                              {"rfc2136", Kind::Rfc2136},
                              {"exec", Kind::Exec}}),
                 "Who makes the TXT records of dns-01. With one, the relay asks for one wildcard "
                 "certificate of its domain instead of one for each tunnel.");
    fields.value(at + "zone", zone, plainText(253),
                 "The zone that the records go into; found out when it is not given.");
    fields.value(at + "ttl", ttl, countBetween(1, 86'400), "The records' time to live, seconds.");
    fields.value(at + "timeout", timeout, durationBetween(seconds(1), minutes(10)),
                 "Time for one change of a record.");
    fields.secret(at + "token", token, "With digitalocean or cloudflare: the API token.");
    fields.value(at + "api", api, webAddress(),
                 "With digitalocean or cloudflare: another base URL than their public one.");
    fields.value(at + "server", server, hostAndMaybePort(),
                 "With rfc2136: the name server that takes updates; port 53 when not given.");
    fields.value(at + "tsig.name", tsig.name, plainText(253),
                 "With rfc2136: the name of the key that signs updates.");
    fields.value(at + "tsig.algorithm", tsig.algorithm,
                 oneOf<Tsig::Algorithm>({{"hmac-sha256", Tsig::Algorithm::HmacSha256},
                                         {"hmac-sha512", Tsig::Algorithm::HmacSha512}}),
                 "Its algorithm.");
    fields.secret(at + "tsig.secret", tsig.secret, "The key itself, base64.");
    fields.value(at + "command", command, filePath(),
                 "With exec: a program that is called as `COMMAND present NAME. VALUE` and "
                 "`COMMAND cleanup NAME. VALUE`; exit code 0 is success. Secrets reach it by its "
                 "environment.");
    fields.value(at + "propagation.wait", propagation.wait,
                 durationBetween(milliseconds(0), minutes(10)),
                 "Time between a change and asking the CA to look at it.");
    fields.list(at + "propagation.servers", propagation.servers, hostAndMaybePort(), 16,
                "Name servers (addresses) that must show the record before the CA is asked to "
                "look.");
    fields.value(at + "propagation.timeout", propagation.timeout,
                 durationBetween(seconds(1), minutes(10)), "How long they may take.");
}

void DnsProviderConfig::validate(Loader& loader, const std::string& prefix) const
{
    const std::string at = prefix + ".dns.";
    const auto need = [&](bool given, const char* key, const char* why) {
        if (!given)
            loader.complain(at + key, std::string("is missing: ") + why);
    };
    switch (kind) {
    case Kind::None:
        return;
    case Kind::DigitalOcean:
    case Kind::Cloudflare:
        return need(token.has_value(), "token",
                    "an API token that may edit the zone (or a file of it, by "
                    "the variable with _FILE)");
    case Kind::Rfc2136:
        need(!server.empty(), "server", "the name server that takes updates");
        if (tsig.name.empty() != !tsig.secret)
            loader.complain(at + "tsig", "name and secret belong together: give both or neither");
        return;
    case Kind::Exec:
        return need(!command.empty(), "command", "the program that makes the records");
    }
}

void AcmeConfig::declareAuthority(Fields& fields, const std::string& prefix)
{
    const std::string at = prefix + ".";
    fields.value(at + "directory", directory, webAddress(),
                 "The CA's ACME directory; Let's Encrypt's when it is not given.");
    fields.value(at + "staging", staging, yesOrNo(),
                 "Let's Encrypt's staging directory, for trying out: its certificates are trusted "
                 "by nobody, its limits are wide.");
    fields.value(at + "ca_file", caFile, filePath(),
                 "Certificates (PEM) that the CA's own HTTPS is checked with instead of the "
                 "system's, for a CA of your own.");
    fields.value(at + "eab.key_id", eab.keyId, plainText(1024),
                 "External account binding, for CAs that ask for it: the key's id.");
    fields.secret(at + "eab.mac_key", eab.macKey, "And the MAC key, base64url.");
    fields.value(
        at + "key_type", keyType,
        oneOf<KeyType>(
            {{"p256", KeyType::P256}, {"p384", KeyType::P384}, {"rsa2048", KeyType::Rsa2048}}),
        "The certificates' keys: ECDSA P-256, P-384 or RSA 2048.");
    fields.value(at + "retry.min", retry.min, durationBetween(milliseconds(100), hours(24)),
                 "The wait after a first failure; it doubles from try to try. A wait that the CA "
                 "asks for is kept as well.");
    fields.value(at + "retry.max", retry.max, durationBetween(milliseconds(100), hours(24 * 7)),
                 "The longest such wait.");
}

void AcmeConfig::declare(Fields& fields, const std::string& prefix)
{
    declareAuthority(fields, prefix);
    fields.list(prefix + ".challenges", challenges,
                oneOf<Challenge>({{"http-01", Challenge::Http01},
                                  {"tls-alpn-01", Challenge::TlsAlpn01},
                                  {"dns-01", Challenge::Dns01}}),
                3,
                "How names are proven, in order of preference; a failure leads to the next. When "
                "not given: dns-01 with a DNS provider, else http-01, then tls-alpn-01.");
    fields.value(prefix + ".concurrent", concurrent, countBetween(1, 64),
                 "Orders at once; more names wait in turn.");
    fields.value(prefix + ".certificates", certificates, countBetween(1, 100'000),
                 "Certificates held at most.");
    dns.declare(fields, prefix);
}

void AcmeConfig::declareForAgent(Fields& fields, const std::string& prefix)
{
    declareAuthority(fields, prefix);
}

void AcmeConfig::validate(Loader& loader, const std::string& prefix) const
{
    if (staging && !directory.empty())
        loader.complain(prefix + ".staging", "has no meaning beside a directory of your own");
    if (eab.keyId.empty() != !eab.macKey)
        loader.complain(prefix + ".eab", "key_id and mac_key belong together: give both or none");
    if (retry.min > retry.max)
        loader.complain(prefix + ".retry.min", "is longer than retry.max");
    for (const Challenge challenge : challenges)
        if (challenge == Challenge::Dns01 && dns.kind == DnsProviderConfig::Kind::None)
            loader.complain(prefix + ".challenges",
                            "has dns-01, which needs a provider: set " + prefix + ".dns.provider");
    dns.validate(loader, prefix);
}

std::string AcmeConfig::directoryUrl() const
{
    return !directory.empty() ? directory : staging ? LetsEncryptStaging : LetsEncrypt;
}

std::vector<AcmeConfig::Challenge> AcmeConfig::challengesToUse() const
{
    if (!challenges.empty())
        return challenges;
    std::vector<Challenge> all;
    if (dns.kind != DnsProviderConfig::Kind::None)
        all.push_back(Challenge::Dns01);
    all.push_back(Challenge::Http01);
    all.push_back(Challenge::TlsAlpn01);
    return all;
}

} // namespace sallyport::config
