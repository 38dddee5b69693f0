// Why the relay says no: stable codes, a sentence for a person, and whether trying again can help.
//
// The codes are part of the protocol (docs/protocol.md, "Refusals"): a code keeps its meaning for
// ever, and an agent that meets one it does not know goes by `retry` alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::wire {

enum class RefusalCode {
    // The link. These come in `refuse` and end it.
    BadCredentials,  // no such credential
    Expired,         // the credential's time is over
    Revoked,         // the credential was taken back, perhaps while the link was up
    NotYetValid,     // the credential's time has not come
    NonceRequired,   // the credential must be made for this very link, and is not
    ReauthTimeout,   // the link was challenged and brought no fresh credential in time
    AuthUnavailable, // who must say whether the credential is good can't be asked now
    UnsupportedAuth, // the relay does not take this auth scheme
    ProtocolVersion, // `protocol` is one that the relay does not speak
    Malformed,       // a message that breaks the protocol
    HelloTimeout,    // no `hello` within the time allowed
    TooManyLinks,    // the credential's or the relay's limit of links is reached
    TakenOver,       // a newer link of the same agent took this one's place
    Draining,        // the relay is about to stop
    RateLimited,     // too many attempts in a short time
    Internal,        // the relay's own fault
    // One tunnel. These come in `tunnel.refused` and in the `refused` list of `welcome`.
    NameTaken,
    NameInvalid,
    NameNotAllowed,
    HostnameTaken,
    HostnameInvalid,
    HostnameNotAllowed,
    PortTaken,
    PortNotAllowed,
    NoFreePort,      // no remote_port was asked for and the range is used up
    KindNotAllowed,  // the credential does not allow this kind
    AccessInvalid,   // who may visit can't be understood
    UnsupportedKind, // the relay does not serve this kind
    DomainMissing,   // the relay has no domain, so it cannot serve names: ask for a hostname
    TooManyTunnels,
    DuplicateRef, // two tunnels of one link carry the same `ref`
    // A certificate's renewal. These come in `certificate.refused`.
    RenewalUnsupported, // the relay did not issue the certificate in use
};
inline constexpr RefusalCode LastRefusalCode = RefusalCode::RenewalUnsupported;

// "bad_credentials" and the like.
std::string_view codeText(RefusalCode code);
std::optional<RefusalCode> refusalCodeFromText(std::string_view text);
// The standing sentence of a code, without a full stop at the end.
std::string_view sentence(RefusalCode code);
// Whether the same request can succeed later with nothing changed at the agent.
bool canRetry(RefusalCode code);

// A refusal as it travels. `code` stays text, for a newer relay may know more codes.
struct Refusal
{
    std::string code;
    std::string message;
    bool retry = false;

    Refusal() = default;
    // The standing sentence, with ": detail" behind it when there is one.
    explicit Refusal(RefusalCode known, std::string_view detail = {});

    std::optional<RefusalCode> known() const { return refusalCodeFromText(code); }
    bool is(RefusalCode other) const { return code == codeText(other); }
    bool operator==(const Refusal&) const = default;
};

} // namespace sallyport::wire
