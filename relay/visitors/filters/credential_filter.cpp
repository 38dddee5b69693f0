#include "visitors/filters/credential_filter.h"

#include "visitors/filters/basic_credentials.h"
#include "visitors/filters/path_pattern.h"
#include "visitors/filters/refusals.h"

#include <sodium.h>

#include <algorithm>

namespace sallyport::relay {

namespace {

// More of the same kind in one request are not looked at.
constexpr size_t MaxPresented = 4;
constexpr size_t MaxToken = 1024;

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool sameName(std::string_view name, std::string_view lowerName)
{
    return name.size() == lowerName.size() &&
           std::equal(name.begin(), name.end(), lowerName.begin(),
                      [](char a, char b) { return lower(a) == b; });
}

int hexValue(char c)
{
    c = lower(c);
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string percentDecoded(std::string_view text)
{
    std::string decoded;
    for (size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hexValue(text[i + 1]) : -1;
        const int low = high >= 0 ? hexValue(text[i + 2]) : -1;
        if (low < 0) {
            decoded += text[i];
            continue;
        }
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return decoded;
}

// Calls take(parameter, name) for each parameter of the query.
template <typename Take>
void forEachParameter(std::string_view target, Take&& take)
{
    const size_t mark = target.find('?');
    if (mark == std::string_view::npos)
        return;
    std::string_view rest = target.substr(mark + 1);
    while (true) {
        const std::string_view parameter = rest.substr(0, rest.find('&'));
        take(parameter, parameter.substr(0, parameter.find('=')));
        if (parameter.size() == rest.size())
            return;
        rest.remove_prefix(parameter.size() + 1);
    }
}

// Some servers route by these instead of by the path that was looked at.
bool rewritesPath(std::string_view name)
{
    std::string plain;
    for (char c : name.substr(0, 20))
        plain += c == '_' ? '-' : lower(c);
    return plain == "x-original-url" || plain == "x-rewrite-url";
}

} // namespace

CredentialFilter::CredentialFilter(const wire::AccessPolicy& policy, const std::string& realm)
    : m_query(policy.tokenQuery), m_except(policy.except), m_passCredentials(policy.passCredentials)
{
    for (const wire::AccessUser& user : policy.users)
        m_users.emplace(user.name, user.hash);
    for (const std::string& text : policy.tokenHashes) {
        TokenHash hash{};
        for (size_t i = 0; i < hash.size(); ++i)
            hash[i] = static_cast<unsigned char>(hexValue(text[7 + 2 * i]) * 16 +
                                                 hexValue(text[8 + 2 * i]));
        m_tokens.push_back(hash);
    }
    for (char c : policy.tokenHeader)
        m_header += lower(c);
    m_challenge = m_users.empty() ? "Bearer realm=\"" + realm + "\""
                                  : "Basic realm=\"" + realm + "\", charset=\"UTF-8\"";
}

VisitVerdict CredentialFilter::apply(Visit& visit, FilterServices& services) const
{
    using Known = FilterServices::Known;
    if (isExempt(visit)) {
        for (http::Field& field : visit.head.fields)
            if (field.id == http::FieldId::Other && rewritesPath(field.name))
                visit.withhold(field);
        return VisitVerdict::pass();
    }
    const Presented presented = presentedBy(visit);
    if (presented.tokens.empty() && !presented.authorization)
        return VisitVerdict::refuse(credentialsRequired(m_challenge));

    // What is proven passes, also from an address where somebody else is guessing.
    struct NewToken
    {
        CredentialTag tag;
        const std::string& text;
    };
    std::vector<NewToken> newTokens;
    for (const std::string& text : presented.tokens) {
        const CredentialTag tag = services.tagOf(visit.policy, "token", text);
        const Known token = services.known(tag, visit.now);
        if (token == Known::Right)
            return accept(visit);
        if (token == Known::No)
            newTokens.push_back({tag, text});
    }
    CredentialTag passwordTag{};
    Known password = Known::No;
    const std::string_view field =
        presented.authorization ? presented.authorization->value : std::string_view();
    if (presented.authorization) {
        passwordTag = services.tagOf(visit.policy, "basic", field);
        password = services.known(passwordTag, visit.now);
    }
    if (password == Known::Right)
        return accept(visit);
    if (password == Known::Pending)
        return services.startCheck(visit, passwordTag, {}) ? VisitVerdict::wait()
                                                           : VisitVerdict::refuse(checksBusy());

    // The same wrong one again is no new guess.
    const bool newPassword = presented.authorization && password == Known::No;
    if (newTokens.empty() && !newPassword)
        return VisitVerdict::refuse(credentialsWrong(m_challenge));
    if (const auto wait = services.blockedFor(visit))
        return VisitVerdict::refuse(tooManyAttempts(*wait));
    for (const NewToken& token : newTokens) {
        const bool right = tokenMatches(token.text);
        services.settle(visit, token.tag, right);
        if (right)
            return accept(visit);
    }
    return newPassword ? checkPassword(visit, services, field, passwordTag)
                       : VisitVerdict::refuse(credentialsWrong(m_challenge));
}

VisitVerdict CredentialFilter::checkPassword(Visit& visit, FilterServices& services,
                                             std::string_view field, const CredentialTag& tag) const
{
    auto credentials = BasicCredentials::parse(field);
    if (!credentials)
        return VisitVerdict::refuse(credentialsWrong(m_challenge));
    const auto user = m_users.find(credentials->user);
    FilterServices::PasswordCheck check;
    check.unknownUser = user == m_users.end();
    check.hash = check.unknownUser ? m_users.begin()->second : user->second;
    check.password = std::move(credentials->password);
    return services.startCheck(visit, tag, std::move(check)) ? VisitVerdict::wait()
                                                             : VisitVerdict::refuse(checksBusy());
}

bool CredentialFilter::isExempt(const Visit& visit) const
{
    if (m_except.empty() || visit.head.addSlash)
        return false;
    const auto path = plainPath(visit.head.path);
    return path && std::any_of(m_except.begin(), m_except.end(), [&](const std::string& pattern) {
               return pathMatches(pattern, *path);
           });
}

CredentialFilter::Presented CredentialFilter::presentedBy(Visit& visit) const
{
    Presented presented;
    size_t authorizations = 0;
    const auto addToken = [&](std::string_view token) {
        if (!token.empty() && token.size() <= MaxToken && presented.tokens.size() < MaxPresented)
            presented.tokens.emplace_back(token);
    };
    for (http::Field& field : visit.head.fields) {
        if (field.id != http::FieldId::Other)
            continue;
        const bool isAuthorization = sameName(field.name, "authorization");
        if (isAuthorization && !m_users.empty() && !bearerToken(field.value)) {
            ++authorizations;
            presented.authorization = &field;
        }
        if (m_tokens.empty() || m_header.empty() || !sameName(field.name, m_header))
            continue;
        if (!isAuthorization)
            addToken(field.value);
        else if (const auto bearer = bearerToken(field.value))
            addToken(*bearer);
    }
    // Two of them could be read as either.
    if (authorizations != 1)
        presented.authorization = nullptr;
    if (!m_tokens.empty() && !m_query.empty())
        forEachParameter(visit.head.path, [&](std::string_view parameter, std::string_view name) {
            if (name == m_query && parameter.size() > name.size() &&
                parameter.size() < 3 * MaxToken)
                addToken(percentDecoded(parameter.substr(name.size() + 1)));
        });
    return presented;
}

bool CredentialFilter::tokenMatches(std::string_view token) const
{
    TokenHash hash;
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(token.data()),
                       token.size());
    bool found = false;
    for (const TokenHash& known : m_tokens)
        found |= sodium_memcmp(known.data(), hash.data(), hash.size()) == 0;
    return found;
}

// All places where a credential of this policy may stand are emptied, whichever was right.
VisitVerdict CredentialFilter::accept(Visit& visit) const
{
    if (m_passCredentials)
        return VisitVerdict::pass();
    for (http::Field& field : visit.head.fields) {
        if (field.id != http::FieldId::Other)
            continue;
        const bool password = !m_users.empty() && sameName(field.name, "authorization");
        if (password || (!m_header.empty() && sameName(field.name, m_header)))
            visit.withhold(field);
    }
    if (!m_query.empty())
        stripQuery(visit);
    return VisitVerdict::pass();
}

void CredentialFilter::stripQuery(Visit& visit) const
{
    const std::string_view target = visit.head.path;
    std::string kept;
    bool found = false;
    forEachParameter(target, [&](std::string_view parameter, std::string_view name) {
        if (name == m_query)
            found = true;
        else
            kept.append(kept.empty() ? "?" : "&").append(parameter);
    });
    if (found)
        visit.replacePath(std::string(target.substr(0, target.find('?'))) + kept);
}

} // namespace sallyport::relay
