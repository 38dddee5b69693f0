// All tokens of a relay at one moment. Immutable: any number of threads may ask it at once.
#pragma once

#include <sallyport/auth/grant.h>
#include <sallyport/auth/timestamp.h>
#include <sallyport/auth/token.h>
#include <sallyport/base/result.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::auth {

struct TokenRecord
{
    std::string id;   // "t_" and 8 characters; public
    std::string name; // the tenant
    TokenHash hash{};
    Permissions permissions;
    std::optional<Timestamp> expires;
    std::optional<Timestamp> created;

    bool operator==(const TokenRecord&) const = default;
};

enum class Refusal {
    Malformed, // not a token's form, or its checksum is wrong: a typing slip
    Unknown,   // no such token here: never issued, or revoked
    Expired,
};
// "unknown_token", ...: for the wire and logs, stable.
std::string_view code(Refusal refusal);
// A sentence for the person whose agent was refused. It does not tell a stranger which tokens
// exist.
std::string toText(Refusal refusal);

class TokenSet
{
public:
    static constexpr size_t MaxTokens = 10'000;

    TokenSet() = default;
    explicit TokenSet(std::vector<TokenRecord> records) : m_records(std::move(records)) {}

    // Compares with every record, so that the time taken does not tell which one matched.
    Result<Grant, Refusal> authenticate(std::string_view tokenText, Timestamp now) const;

    // Whether a grant given earlier still stands: for links that are open when tokens.yaml changes.
    // Returns the grant as it is now.
    Result<Grant, Refusal> revalidate(const Grant& grant, Timestamp now) const;

    const std::vector<TokenRecord>& records() const { return m_records; }
    const TokenRecord* find(std::string_view id) const;
    bool empty() const { return m_records.empty(); }

private:
    std::vector<TokenRecord> m_records;
};

} // namespace sallyport::auth
