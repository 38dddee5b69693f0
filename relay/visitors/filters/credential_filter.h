// Asks for a password (HTTP Basic, RFC 7617) or a token (in a header or the query): any one of
// those that the policy names is enough. Paths with an exception need neither.
//
// A credential that was right a short time ago costs one keyed hash. Others are checked slowly and
// elsewhere, unless the visitor's address has failed too often. What was accepted does not travel
// on to the upstream unless the policy says so.
//
// An unknown user costs the same time as a wrong password. Tokens are compared by their SHA-256,
// with all that there are, in constant time.
#pragma once

#include "visitors/filters/filter.h"
#include "visitors/filters/filter_services.h"

#include <sallyport/wire/access.h>

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::relay {

class CredentialFilter final : public Filter
{
public:
    // Of a policy whose parts have been checked; `realm` is what browsers show.
    CredentialFilter(const wire::AccessPolicy& policy, const std::string& realm);

    VisitVerdict apply(Visit& visit, FilterServices& services) const override;

private:
    // What a request carries, at most MaxPresented of each.
    struct Presented
    {
        std::vector<std::string> tokens;
        http::Field* authorization = nullptr; // the only one, with Basic
    };
    using TokenHash = std::array<unsigned char, 32>;

    bool isExempt(const Visit& visit) const;
    Presented presentedBy(Visit& visit) const;
    bool tokenMatches(std::string_view token) const;
    VisitVerdict checkPassword(Visit& visit, FilterServices& services, std::string_view field,
                               const CredentialTag& tag) const;
    VisitVerdict accept(Visit& visit) const;
    void stripQuery(Visit& visit) const;

    std::map<std::string, std::string, std::less<>> m_users; // to their hashes
    std::vector<TokenHash> m_tokens;
    std::string m_header; // in lower case
    std::string m_query;
    std::vector<std::string> m_except;
    bool m_passCredentials;
    std::string m_challenge; // WWW-Authenticate
};

} // namespace sallyport::relay
