#include <sallyport/config/jwt_config.h>

#include <QUrl>

#include <algorithm>

namespace sallyport::config {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

bool isLoopback(const QString& host)
{
    // QUrl has made an address of whatever looks like one.
    return host == QLatin1String("localhost") || host == QLatin1String("::1") ||
           (host.startsWith(QLatin1String("127.")) &&
            std::all_of(host.begin(), host.end(),
                        [](QChar c) { return (c >= u'0' && c <= u'9') || c == u'.'; }));
}

Codec<std::string> webAddress()
{
    auto codec = plainText(1024);
    codec.type = "https URL";
    codec.parse = [](std::string_view text) -> Result<std::string, std::string> {
        const QUrl url(QString::fromUtf8(text.data(), qsizetype(text.size())), QUrl::StrictMode);
        const bool web =
            url.scheme() == QLatin1String("https") || url.scheme() == QLatin1String("http");
        if (!url.isValid() || !web || url.host().isEmpty())
            return Failure(std::string("is no URL of the form https://HOST/PATH"));
        if (!url.userInfo().isEmpty())
            return Failure(std::string("must not hold a password"));
        return std::string(text);
    };
    return codec;
}

void declareKeys(JwtConfig& config, Fields& fields)
{
    fields.value("auth.jwt.secret_file", config.secretFile, filePath(),
                 "A shared secret (HS256, HS384, HS512) of at least 32 bytes. Whoever knows it can "
                 "be any tenant.");
    fields.value("auth.jwt.keys_file", config.keysFile, filePath(),
                 "Public keys (RS256, ES256, EdDSA): a JWKS, or a key or certificate in PEM form. "
                 "Read again when it changes.");
    fields.value("auth.jwt.jwks_url", config.jwksUrl, webAddress(),
                 "The same as a JWKS that the issuer publishes. Kept while it cannot be reached.");
    fields.value("auth.jwt.jwks_refresh", config.jwksRefresh,
                 durationBetween(seconds(10), hours(24)),
                 "How often it is fetched; more often when its Cache-Control says so, and at once "
                 "when a token names a key that is not in it.");
    fields.value("auth.jwt.verifier_url", config.verifierUrl, webAddress(),
                 "A service that is asked about each token: POST {\"token\"}, answered by "
                 "{\"valid\", \"claims\", \"error\"}. While it fails, the keys decide, if there "
                 "are any.");
    fields.value("auth.jwt.verifier_timeout", config.verifierTimeout,
                 durationBetween(milliseconds(100), seconds(10)), "Time for it to answer.");
    fields.value("auth.jwt.verifier_requests", config.verifierRequests, countBetween(1, 1000),
                 "Questions to it at once; ten times as many may wait.");
    fields.value("auth.jwt.allow_plain_http", config.allowPlainHttp, yesOrNo(),
                 "Let jwks_url and verifier_url be http:// on other machines too. Whoever is on "
                 "the way can then be any tenant.");
}

} // namespace

void JwtConfig::declare(Fields& fields)
{
    fields.section("Agents with signed tokens (JWT)",
                   "Off until one of secret_file, keys_file, jwks_url and verifier_url is given. "
                   "See identities.md.");
    declareKeys(*this, fields);
    fields.list("auth.jwt.issuer", issuers, plainText(), 20,
                "The token's `iss` must be one of these.");
    fields.list("auth.jwt.audience", audiences, plainText(), 20,
                "The token's `aud` must hold one of these.");
    fields.value("auth.jwt.tenant_claim", tenantClaim, plainText(64),
                 "The claim that names the tenant.");
    fields.value("auth.jwt.tenant_prefix", tenantPrefix, plainText(64),
                 "Put before it. Tokens, JWTs and certificates of the same tenant may take over "
                 "from each other; a prefix keeps an issuer's tenants apart.");
    fields.value("auth.jwt.expiry_required", expiryRequired, yesOrNo(),
                 "Refuse tokens without `exp`.");
    fields.value("auth.jwt.skew", skew, durationBetween(seconds(0), minutes(5)),
                 "How far clocks may differ, for `exp` and `nbf`.");
    fields.value("auth.jwt.max_lifetime", maxLifetime, durationBetween(seconds(0), hours(24 * 366)),
                 "Refuse tokens that live longer; 0 sets no limit.");
    fields.value("auth.jwt.nonce", nonce,
                 oneOf<Nonce>({{"optional", Nonce::Optional}, {"required", Nonce::Required}}),
                 "required: each link must be shown a token with its own nonce (`session_nonce`), "
                 "so that a stolen token opens nothing. Agents need a source that makes tokens.");
    fields.value("auth.jwt.reauth_interval", reauthInterval,
                 durationBetween(seconds(0), hours(24 * 30)),
                 "How often a standing link must show a fresh token, when the token does not say "
                 "(`reauth_interval_seconds`); 0: only before it expires.");
    fields.value("auth.jwt.reauth_grace", reauthGrace, durationBetween(seconds(1), hours(1)),
                 "Time for the answer, when the token does not say (`reauth_grace_seconds`).");
    fields.value(
        "auth.jwt.maintenance_grace", maintenanceGrace, durationBetween(seconds(0), hours(24)),
        "How long standing links live on when the verifier or the keys cannot be reached.");
    fields.list("auth.jwt.default_names", defaultNames, plainText(63), 100,
                "Names that a token without the claim `names` allows; any for all.");
    fields.value("auth.jwt.default_ports", defaultPorts, portRanges(),
                 "Ports that a token without the claim `tcp_ports` allows.");
}

void JwtConfig::validate(Loader& loader) const
{
    if (!isUsed())
        return;
    if (hasKeys() && issuers.empty())
        loader.complain("auth.jwt.issuer", "is missing: say whose tokens these are (iss)");
    if (hasKeys() && audiences.empty())
        loader.complain("auth.jwt.audience",
                        "is missing: say what tokens for this relay have as `aud`, lest tokens "
                        "that were made for something else open it");
    const auto checkUrl = [&](const char* path, const std::string& text) {
        const QUrl url(QString::fromStdString(text));
        if (url.scheme() != QLatin1String("http") || isLoopback(url.host()))
            return;
        if (allowPlainHttp)
            loader.warn(path, "is not encrypted: whoever is on the way can be any tenant");
        else
            loader.complain(path, "must be https:// (or on this machine, or set "
                                  "auth.jwt.allow_plain_http)");
    };
    if (!jwksUrl.empty())
        checkUrl("auth.jwt.jwks_url", jwksUrl);
    if (!verifierUrl.empty())
        checkUrl("auth.jwt.verifier_url", verifierUrl);
    for (const std::string& name : defaultNames)
        if (name != "any" &&
            name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-*") != std::string::npos)
            loader.complain("auth.jwt.default_names", "\"" + name + "\" is no name");
}

} // namespace sallyport::config
