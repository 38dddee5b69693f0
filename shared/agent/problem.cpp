#include <sallyport/agent/problem.h>
#include <sallyport/wire/refusal.h>

#include <algorithm>
#include <array>

namespace sallyport::agent {

namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, size_t(LastProblemCode) + 1> words = {
    "other",
    "unknown_host",
    "connection_refused",
    "unreachable",
    "proxy_refused",
    "not_a_relay",
    "pin_mismatch",
    "certificate_time",
    "certificate_name",
    "certificate_untrusted",
    "link_lost",
    "token_unknown",
    "token_expired",
    "token_revoked",
    "token_not_yet_valid",
    "credential_kind",
    "protocol_version",
    "too_many_links",
    "taken_over",
    "rate_limited",
    "relay_stopping",
    "relay_fault",
    "address_taken",
    "address_not_allowed",
    "address_invalid",
    "no_free_port",
    "too_many_tunnels",
    "not_served_here",
    "token_missing",
    "keychain_locked",
    "config_invalid",
    "config_not_changed",
    "service_away",
    "no_connection",
    "relay_too_old",
    "upstream_refused",
    "upstream_unreachable",
    "upstream_timeout",
    "upstream_unknown_host",
    "certificate_pending",
    "certificate_failed",
    "token_not_handed",
};

} // namespace

std::string_view toText(ProblemCode code)
{
    return words[size_t(code)];
}

ProblemCode problemCodeFromText(std::string_view text)
{
    const auto found = std::find(words.begin(), words.end(), text);
    return found == words.end() ? ProblemCode::Other : ProblemCode(found - words.begin());
}

ProblemCode problemCodeOfRefusal(std::string_view refusalCode)
{
    using wire::RefusalCode;
    const auto known = wire::refusalCodeFromText(refusalCode);
    if (!known) // the agent's own code: see TunnelTable
        return refusalCode == "access_unsupported" ? ProblemCode::NotServedHere
                                                   : ProblemCode::Other;
    switch (*known) {
    case RefusalCode::BadCredentials:
        return ProblemCode::TokenUnknown;
    case RefusalCode::Expired:
        return ProblemCode::TokenExpired;
    case RefusalCode::Revoked:
        return ProblemCode::TokenRevoked;
    case RefusalCode::NotYetValid:
        return ProblemCode::TokenNotYetValid;
    case RefusalCode::NonceRequired:
    case RefusalCode::UnsupportedAuth:
    case RefusalCode::ReauthTimeout:
        return ProblemCode::CredentialKind;
    case RefusalCode::ProtocolVersion:
        return ProblemCode::ProtocolVersion;
    case RefusalCode::TooManyLinks:
        return ProblemCode::TooManyLinks;
    case RefusalCode::TakenOver:
        return ProblemCode::TakenOver;
    case RefusalCode::RateLimited:
        return ProblemCode::RateLimited;
    case RefusalCode::Draining:
        return ProblemCode::RelayStopping;
    case RefusalCode::AuthUnavailable:
    case RefusalCode::Internal:
        return ProblemCode::RelayFault;
    case RefusalCode::NameTaken:
    case RefusalCode::HostnameTaken:
    case RefusalCode::PortTaken:
        return ProblemCode::AddressTaken;
    case RefusalCode::NameNotAllowed:
    case RefusalCode::HostnameNotAllowed:
    case RefusalCode::PortNotAllowed:
    case RefusalCode::KindNotAllowed:
        return ProblemCode::AddressNotAllowed;
    case RefusalCode::NameInvalid:
    case RefusalCode::HostnameInvalid:
        return ProblemCode::AddressInvalid;
    case RefusalCode::NoFreePort:
        return ProblemCode::NoFreePort;
    case RefusalCode::TooManyTunnels:
        return ProblemCode::TooManyTunnels;
    case RefusalCode::UnsupportedKind:
    case RefusalCode::DomainMissing:
        return ProblemCode::NotServedHere;
    case RefusalCode::Malformed:
    case RefusalCode::HelloTimeout:
    case RefusalCode::AccessInvalid:
    case RefusalCode::DuplicateRef:
    case RefusalCode::RenewalUnsupported:
        break;
    }
    return ProblemCode::Other;
}

} // namespace sallyport::agent
