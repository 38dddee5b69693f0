#include <sallyport/wire/refusal.h>

#include <array>
#include <cstddef>

namespace sallyport::wire {

namespace {

struct Entry
{
    RefusalCode code;
    std::string_view text;
    std::string_view sentence;
    bool retry;
};

constexpr size_t Count = static_cast<size_t>(LastRefusalCode) + 1;

constexpr std::array<Entry, Count> Table = {{
    {RefusalCode::BadCredentials, "bad_credentials", "The relay does not know this credential",
     false},
    {RefusalCode::Expired, "expired", "This credential has expired", false},
    {RefusalCode::Revoked, "revoked", "This credential was revoked", false},
    {RefusalCode::NotYetValid, "not_yet_valid", "This credential is not valid yet", true},
    {RefusalCode::NonceRequired, "nonce_required",
     "The relay wants a credential made for this very link", false},
    {RefusalCode::ReauthTimeout, "reauth_timeout", "The agent brought no fresh credential in time",
     true},
    {RefusalCode::AuthUnavailable, "auth_unavailable",
     "The relay cannot have the credential verified now", true},
    {RefusalCode::UnsupportedAuth, "unsupported_auth",
     "The relay does not take this kind of credential", false},
    {RefusalCode::ProtocolVersion, "protocol_version",
     "The relay speaks another version of the protocol", false},
    {RefusalCode::Malformed, "malformed", "The request breaks the protocol", false},
    {RefusalCode::HelloTimeout, "hello_timeout", "The agent did not say hello in time", true},
    {RefusalCode::TooManyLinks, "too_many_links", "Too many agents are connected", true},
    {RefusalCode::TakenOver, "taken_over", "Another connection of this agent took over", false},
    {RefusalCode::Draining, "draining", "The relay is about to stop", true},
    {RefusalCode::RateLimited, "rate_limited", "Too many attempts in a short time", true},
    {RefusalCode::Internal, "internal", "The relay failed at its own work", true},
    {RefusalCode::NameTaken, "name_taken", "This name is in use", true},
    {RefusalCode::NameInvalid, "name_invalid",
     "A name has 1 to 63 lower case letters, digits and hyphens, none at its ends a hyphen", false},
    {RefusalCode::NameNotAllowed, "name_not_allowed", "This credential does not allow this name",
     false},
    {RefusalCode::HostnameTaken, "hostname_taken", "This hostname is in use", true},
    {RefusalCode::HostnameInvalid, "hostname_invalid", "This is not a hostname", false},
    {RefusalCode::HostnameNotAllowed, "hostname_not_allowed",
     "This credential does not allow this hostname", false},
    {RefusalCode::PortTaken, "port_taken", "This port is in use", true},
    {RefusalCode::PortNotAllowed, "port_not_allowed", "This port is not allowed", false},
    {RefusalCode::NoFreePort, "no_free_port", "No port of the relay's range is free", true},
    {RefusalCode::KindNotAllowed, "kind_not_allowed",
     "This credential does not allow tunnels of this kind", false},
    {RefusalCode::AccessInvalid, "access_invalid",
     "The rules on who may visit this tunnel can't be used", false},
    {RefusalCode::UnsupportedKind, "unsupported_kind",
     "The relay does not serve tunnels of this kind", false},
    {RefusalCode::DomainMissing, "domain_missing",
     "The relay has no domain to put names under; ask for a hostname", false},
    {RefusalCode::TooManyTunnels, "too_many_tunnels", "Too many tunnels are open", true},
    {RefusalCode::DuplicateRef, "duplicate_ref", "Another tunnel of this agent has the same ref",
     false},
    {RefusalCode::RenewalUnsupported, "renewal_unsupported",
     "The relay does not renew this certificate, for it did not issue it", false},
}};

constexpr bool inOrder()
{
    for (size_t i = 0; i < Count; ++i)
        if (Table[i].code != static_cast<RefusalCode>(i))
            return false;
    return true;
}
static_assert(inOrder(), "the table is indexed by the code");

const Entry& entry(RefusalCode code)
{
    return Table[static_cast<size_t>(code)];
}

} // namespace

std::string_view codeText(RefusalCode code)
{
    return entry(code).text;
}

std::optional<RefusalCode> refusalCodeFromText(std::string_view text)
{
    for (const Entry& e : Table)
        if (e.text == text)
            return e.code;
    return std::nullopt;
}

std::string_view sentence(RefusalCode code)
{
    return entry(code).sentence;
}

bool canRetry(RefusalCode code)
{
    return entry(code).retry;
}

Refusal::Refusal(RefusalCode known, std::string_view detail)
    : code(codeText(known)), message(sentence(known)), retry(canRetry(known))
{
    if (!detail.empty())
        message.append(": ").append(detail);
}

} // namespace sallyport::wire
