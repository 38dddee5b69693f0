#include <sallyport/auth/token_set.h>

#include <openssl/crypto.h>

#include <algorithm>

namespace sallyport::auth {

namespace {

bool isExpired(const TokenRecord& record, Timestamp now)
{
    return record.expires && *record.expires <= now;
}

Result<Grant, Refusal> grantOf(const TokenRecord& record, Timestamp now)
{
    if (isExpired(record, now))
        return Failure(Refusal::Expired);
    return Grant(record.id, record.name, record.expires, record.permissions);
}

} // namespace

std::string_view code(Refusal refusal)
{
    switch (refusal) {
    case Refusal::Malformed:
        return "malformed_token";
    case Refusal::Expired:
        return "expired_token";
    case Refusal::Unknown:
        break;
    }
    return "unknown_token";
}

std::string toText(Refusal refusal)
{
    switch (refusal) {
    case Refusal::Malformed:
        return "this is not a token of the form spt_...: copy it again";
    case Refusal::Expired:
        return "this token has expired: ask for a new one";
    case Refusal::Unknown:
        break;
    }
    return "this relay does not know the token: it was revoked, or belongs to another relay";
}

Result<Grant, Refusal> TokenSet::authenticate(std::string_view tokenText, Timestamp now) const
{
    const auto token = Token::parse(tokenText);
    if (!token)
        return Failure(Refusal::Malformed);
    const TokenHash hash = token->hash();
    const TokenRecord* match = nullptr;
    for (const TokenRecord& record : m_records)
        if (CRYPTO_memcmp(record.hash.data(), hash.data(), hash.size()) == 0)
            match = &record;
    if (!match)
        return Failure(Refusal::Unknown);
    return grantOf(*match, now);
}

Result<Grant, Refusal> TokenSet::revalidate(const Grant& grant, Timestamp now) const
{
    const TokenRecord* record = find(grant.credentialId());
    // Another name is another tenant: what was claimed as the old one cannot stay.
    if (!record || record->name != grant.tenant())
        return Failure(Refusal::Unknown);
    return grantOf(*record, now);
}

const TokenRecord* TokenSet::find(std::string_view id) const
{
    const auto found = std::find_if(m_records.begin(), m_records.end(),
                                    [&](const TokenRecord& record) { return record.id == id; });
    return found == m_records.end() ? nullptr : &*found;
}

} // namespace sallyport::auth
