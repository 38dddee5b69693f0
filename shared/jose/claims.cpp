#include <sallyport/jose/claims.h>

#include <algorithm>
#include <cmath>

namespace sallyport::jose {

namespace {

bool isOneOf(const std::string& text, const std::vector<std::string>& list)
{
    return std::find(list.begin(), list.end(), text) != list.end();
}

bool audienceFits(const Json& payload, const std::vector<std::string>& wanted)
{
    const Json* audience = payload.find("aud");
    if (!audience)
        return false;
    if (const std::string* text = audience->text())
        return isOneOf(*text, wanted);
    const Json::List* list = audience->list();
    return list && std::any_of(list->begin(), list->end(), [&](const Json& item) {
               return item.text() && isOneOf(*item.text(), wanted);
           });
}

// NumericDate: seconds, perhaps with a fraction. What lies beyond the year 9999 is no date.
Result<std::optional<Seconds>, TokenError> dateOf(const Json& payload, std::string_view name)
{
    const Json* claim = payload.find(name);
    if (!claim)
        return std::optional<Seconds>();
    const auto number = claim->number();
    if (!number || !(std::abs(*number) < 253'402'300'800.0))
        return Failure(TokenError::BadClaims);
    return std::optional(Seconds(std::chrono::seconds(int64_t(std::floor(*number)))));
}

} // namespace

Result<Times, TokenError> checkClaims(const Json& payload, const ClaimRules& rules, Seconds now)
{
    const auto expires = dateOf(payload, "exp");
    const auto notBefore = dateOf(payload, "nbf");
    const auto issued = dateOf(payload, "iat");
    if (!expires || !notBefore || !issued)
        return Failure(TokenError::BadClaims);
    if (!rules.issuers.empty() && !isOneOf(std::string(payload.textOf("iss")), rules.issuers))
        return Failure(TokenError::BadIssuer);
    if (!rules.audiences.empty() && !audienceFits(payload, rules.audiences))
        return Failure(TokenError::BadAudience);
    if (*notBefore && now + rules.skew < **notBefore)
        return Failure(TokenError::NotYetValid);
    if (!*expires && rules.expiryRequired)
        return Failure(TokenError::MissingExpiry);
    if (*expires && **expires + rules.skew <= now)
        return Failure(TokenError::Expired);
    if (*expires && rules.maxLifetime.count() > 0) {
        const Seconds from = issued->value_or(now);
        if (**expires - from > rules.maxLifetime ||
            **expires - now > rules.maxLifetime + rules.skew)
            return Failure(TokenError::BadClaims);
    }
    return Times{*expires, *issued};
}

} // namespace sallyport::jose
