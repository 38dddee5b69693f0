// What keeps an agent from its work, as a code that programs and translations go by, and as a
// sentence in English with the details. Plain values.
//
// The codes' words travel over the control socket (docs/control-socket.md): a word keeps its
// meaning for ever, and one that is not known is Other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport::agent {

enum class ProblemCode : uint8_t {
    Other,
    // The way to the relay.
    UnknownHost,
    ConnectionRefused, // nobody listens there
    Unreachable,       // no route, timed out, broken off
    ProxyRefused,
    NotARelay, // something else answers
    PinMismatch,
    CertificateTime, // expired or not valid yet: a clock is wrong, or it is
    CertificateName,
    CertificateUntrusted,
    LinkLost, // after it was up
    // The relay's word about this agent.
    TokenUnknown,
    TokenExpired,
    TokenRevoked,
    TokenNotYetValid,
    CredentialKind,  // the relay wants another kind of proof
    ProtocolVersion, // one of the two is too old
    TooManyLinks,
    TakenOver, // a newer agent with the same id took this one's place
    RateLimited,
    RelayStopping,
    RelayFault,
    // The relay's word about a tunnel.
    AddressTaken,
    AddressNotAllowed,
    AddressInvalid,
    NoFreePort,
    TooManyTunnels,
    NotServedHere, // the relay does not know this kind, or rules on who may visit
    // This computer.
    TokenMissing,
    KeychainLocked, // or there is none
    ConfigInvalid,
    ConfigNotChanged, // a change of it was not made
    ServiceAway,
    NoConnection, // what was asked needs one
    RelayTooOld,  // for what was asked
    // The service behind a tunnel, and the certificate for its visitors.
    UpstreamRefused, // nobody listens there
    UpstreamUnreachable,
    UpstreamTimeout,
    UpstreamUnknownHost,
    CertificatePending, // it is being issued
    CertificateFailed,
    TokenNotHanded, // to a service that starts before anybody logs in
};
inline constexpr ProblemCode LastProblemCode = ProblemCode::TokenNotHanded;

// "unknown_host" and the like.
std::string_view toText(ProblemCode code);
ProblemCode problemCodeFromText(std::string_view text);
// Of the codes of refusals in the link's protocol (wire/refusal.h).
ProblemCode problemCodeOfRefusal(std::string_view refusalCode);

struct Problem
{
    ProblemCode code = ProblemCode::Other;
    std::string text;

    Problem() = default;
    Problem(std::string sentence) : text(std::move(sentence)) {}
    Problem(ProblemCode what, std::string sentence) : code(what), text(std::move(sentence)) {}
    // For those who only tell it on.
    operator std::string() const { return text; }
    bool operator==(const Problem&) const = default;
};

} // namespace sallyport::agent
