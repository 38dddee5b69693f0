#include <sallyport/jose/jws.h>
#include <sallyport/wire/base64.h>

#include <algorithm>

namespace sallyport::jose {

namespace {

// A hostile set of equal keys must not make one token cost a hundred signatures.
constexpr size_t MaxTries = 8;
constexpr size_t MaxHeader = 2048;

struct Parts
{
    std::string_view header;
    std::string_view payload;
    std::string_view signature;
    std::string_view signedText;
};

std::optional<Parts> split(std::string_view token)
{
    const size_t first = token.find('.');
    const size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
        return std::nullopt;
    return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
                 token.substr(second + 1), token.substr(0, second)};
}

std::optional<Json> decodeObject(std::string_view part, size_t limit)
{
    if (part.size() > limit)
        return std::nullopt;
    const auto text = wire::fromBase64Url(part);
    auto json = text ? parseJson(*text) : std::nullopt;
    if (!json || !json->object())
        return std::nullopt;
    return json;
}

} // namespace

std::string_view toText(TokenError error)
{
    switch (error) {
    case TokenError::Malformed:
        return "this is not a signed token (JWT) that can be read";
    case TokenError::BadAlgorithm:
        return "the token is signed with an algorithm that none of this relay's keys serves";
    case TokenError::UnknownKey:
        return "the token is signed with a key that this relay does not know";
    case TokenError::BadSignature:
        return "the token's signature is wrong";
    case TokenError::BadClaims:
        return "a claim of the token has the wrong type";
    case TokenError::BadIssuer:
        return "the token is of another issuer (iss)";
    case TokenError::BadAudience:
        return "the token is for another audience (aud)";
    case TokenError::MissingExpiry:
        return "the token has no expiry (exp)";
    case TokenError::Expired:
        return "the token has expired";
    case TokenError::NotYetValid:
        return "the token is not valid yet (nbf); is a clock wrong?";
    }
    return {};
}

std::string_view code(TokenError error)
{
    static constexpr std::string_view codes[] = {
        "malformed",  "bad_algorithm", "unknown_key",    "bad_signature", "bad_claims",
        "bad_issuer", "bad_audience",  "missing_expiry", "expired",       "not_yet_valid"};
    return codes[size_t(error)];
}

bool looksLikeJwt(std::string_view text)
{
    const auto parts = split(text);
    const auto isPart = [](std::string_view part) {
        return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '-' || c == '_';
        });
    };
    return parts && isPart(parts->header) && isPart(parts->payload) && isPart(parts->signature) &&
           parts->header.starts_with("ey");
}

Result<VerifiedToken, TokenError> verifyJws(std::string_view token, const KeySet& keys)
{
    const auto parts = token.size() <= MaxToken ? split(token) : std::nullopt;
    const auto header = parts ? decodeObject(parts->header, MaxHeader) : std::nullopt;
    if (!header)
        return Failure(TokenError::Malformed);
    const auto signature = wire::fromBase64Url(parts->signature);
    if (!signature)
        return Failure(TokenError::Malformed);
    const Json* critical = header->find("crit");
    const Json* kid = header->find("kid");
    if (critical || (kid && !kid->text()))
        return Failure(TokenError::Malformed);
    const auto algorithm = algorithmFromText(header->textOf("alg"));
    if (!algorithm)
        return Failure(TokenError::BadAlgorithm);
    const auto candidates = keys.candidates(*algorithm, header->textOf("kid"));
    if (candidates.empty()) {
        const bool served = std::any_of(keys.keys().begin(), keys.keys().end(),
                                        [&](const Key& key) { return key.serves(*algorithm); });
        return Failure(served ? TokenError::UnknownKey : TokenError::BadAlgorithm);
    }
    for (size_t i = 0; i < std::min(candidates.size(), MaxTries); ++i) {
        if (!candidates[i]->verify(*algorithm, parts->signedText, *signature))
            continue;
        auto payload = decodeObject(parts->payload, MaxToken);
        if (!payload)
            return Failure(TokenError::Malformed);
        return VerifiedToken{std::move(*payload), candidates[i]->fingerprint()};
    }
    return Failure(TokenError::BadSignature);
}

} // namespace sallyport::jose
