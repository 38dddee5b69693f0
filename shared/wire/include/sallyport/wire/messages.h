// Every message of the control stream as a plain struct (docs/protocol.md, "Messages").
//
// Parsing is the only check that is needed: parseMessage() (message_codec.h) yields values within
// the limits below, and names, hostnames and kinds that are well formed. What a credential allows
// is the relay's business.
#pragma once

#include <sallyport/base/secret.h>
#include <sallyport/wire/access.h>
#include <sallyport/wire/refusal.h>
#include <sallyport/wire/tunnel_kind.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sallyport::wire {

inline constexpr uint32_t LinkProtocol = 1;

// Bytes for text, entries for lists. A longer one is a parse error; encoding clips prose
// (`message`).
struct MessageLimits
{
    static constexpr size_t Ref = 64;
    static constexpr size_t AgentField = 128; // each of id, name, version, os, arch
    static constexpr size_t Scheme = 32;
    static constexpr size_t Token = 8 * 1024;
    static constexpr size_t Hostname = 253;
    static constexpr size_t HostHeader = 255;
    static constexpr size_t Session = 64;
    static constexpr size_t Nonce = 256;
    static constexpr size_t Url = 512;
    static constexpr size_t Code = 64;
    static constexpr size_t Text = 1024; // sentences for people
    static constexpr size_t Tunnels = 1000;
    static constexpr size_t Urls = 16;
    static constexpr size_t SigningRequest = 8 * 1024;
    static constexpr size_t CertificateChain = 32 * 1024;
};

struct TunnelOptions
{
    bool proxyProtocol = false; // for display: the agent hands the header to its upstream
    bool plainHttp = false;     // tls: visitors without TLS are taken as well
    std::optional<std::string> hostHeader; // replaces Host on the way to the upstream (http)
    UpstreamProtocol upstreamProtocol = UpstreamProtocol::Http1; // http
    AccessPolicy access;                                         // who may visit; empty: everybody

    bool operator==(const TunnelOptions&) const = default;
};

// What an agent asks for. `ref` is the agent's own key for the tunnel, unique on its link; the
// relay echoes it, so that both can match.
struct TunnelRequest
{
    std::string ref;
    TunnelKind kind = TunnelKind::Http;
    std::optional<std::string> name;     // isValidName()
    std::optional<std::string> hostname; // canonical (lower case), perhaps with a leading "*."
    std::optional<uint16_t> remotePort;  // 1..65535
    TunnelOptions options;

    bool operator==(const TunnelRequest&) const = default;
};

// What the relay granted. `id` stands in the header of every data stream of the tunnel (TLV 0xE0).
struct TunnelGrant
{
    std::string ref;
    uint32_t id = 0;
    std::optional<std::string> name;
    std::vector<std::string> urls;
    // The relay enforces the request's access policy. An agent that asked for one and does not read
    // this closes the tunnel: a relay that does not know the field would let everybody in.
    bool access = false;

    bool operator==(const TunnelGrant&) const = default;
};

struct AgentInfo
{
    std::string id;   // stable for this agent on this machine: chosen names depend on it
    std::string name; // for people: the host's name
    std::string version;
    std::string os;
    std::string arch;

    bool operator==(const AgentInfo&) const = default;
};

struct Auth
{
    std::string scheme = "token";
    Secret token; // empty with a scheme that carries none

    bool operator==(const Auth&) const = default;
};

// A message of its own (relay to agent), and a line of the welcome. For a tunnel that is open
// already it means that the relay has closed it.
struct TunnelRefused
{
    std::string ref;
    Refusal refusal;

    bool operator==(const TunnelRefused&) const = default;
};

// ---- Agent to relay ----

struct Hello
{
    uint32_t protocol = LinkProtocol;
    AgentInfo agent;
    Auth auth;
    std::vector<TunnelRequest> tunnels;
    // Requests that were not well formed, with the answer that each deserves. Filled by parsing,
    // never encoded; RelayControl adds them to the welcome by itself.
    std::vector<TunnelRefused> invalidTunnels;

    bool operator==(const Hello&) const = default;
};

struct TunnelOpen
{
    TunnelRequest tunnel;
    bool operator==(const TunnelOpen&) const = default;
};

struct TunnelClose
{
    uint32_t id = 0;
    bool operator==(const TunnelClose&) const = default;
};

// Another policy for a tunnel that is open; its visitors' connections stay. Answered by
// `tunnel.opened`, or by `tunnel.refused`, and then the tunnel is closed.
struct TunnelUpdate
{
    uint32_t id = 0;
    AccessPolicy access;
    bool operator==(const TunnelUpdate&) const = default;
};

// Would this tunnel be given? Nothing is claimed. `ref` only ties the answer to the question.
struct TunnelCheck
{
    TunnelRequest tunnel;
    bool operator==(const TunnelCheck&) const = default;
};

// Fresh credentials on a standing link, asked for by `challenge` or sent unasked.
struct Reauth
{
    Auth auth;
    bool operator==(const Reauth&) const = default;
};

enum class StreamFailure {
    UpstreamRefused,
    UpstreamTimeout,
    UpstreamUnresolvable,
    UpstreamUnreachable,
    UpstreamTls,
    UnknownTunnel,
    BadHeader,  // the stream's PROXY header could not be read
    Overloaded, // the agent's own limit of connections is reached
    Other,      // also any code that this version does not know
};
inline constexpr StreamFailure LastStreamFailure = StreamFailure::Other;
std::string_view codeText(StreamFailure failure);
StreamFailure streamFailureFromText(std::string_view text);

// The agent could not reach the upstream of that data stream. The relay resets the stream and
// answers the visitor; the agent leaves the reset to the relay, for its own might overtake this
// message.
struct StreamFailed
{
    uint32_t stream = 0; // the multiplexer's stream id
    StreamFailure code = StreamFailure::Other;
    std::string message;
    bool operator==(const StreamFailed&) const = default;
};

// ---- Relay to agent ----

// Tunnels that do not fit into one message follow as `tunnel.opened` and `tunnel.refused`.
struct Welcome
{
    std::string session;
    std::vector<TunnelGrant> tunnels;
    std::vector<TunnelRefused> refused;
    bool operator==(const Welcome&) const = default;
};

struct TunnelOpened
{
    TunnelGrant tunnel;
    bool operator==(const TunnelOpened&) const = default;
};

// The answer to `tunnel.check`: free, or the refusal that a claim would get now.
struct TunnelChecked
{
    std::string ref;
    bool free = false;
    std::vector<std::string> urls; // it would have; empty where the relay would choose
    Refusal refusal;               // where it is not free
    bool operator==(const TunnelChecked&) const = default;
};

// The end of the link: nothing follows.
struct Refuse
{
    Refusal refusal;
    bool operator==(const Refuse&) const = default;
};

// No new streams from now on; standing ones are cut after `deadline`. The agent connects anew.
struct Drain
{
    uint32_t deadlineMs = 0;
    bool operator==(const Drain&) const = default;
};

struct Challenge
{
    std::string scheme = "token";
    std::string nonce; // may be empty
    bool operator==(const Challenge&) const = default;
};

enum class NoticeLevel {
    Info, // also any level that this version does not know
    Warning,
    Error,
};
// For the agent's screen and log.
struct Notice
{
    NoticeLevel level = NoticeLevel::Info;
    std::string message;
    bool operator==(const Notice&) const = default;
};

// ---- Renewing the agent's certificate, on a standing link ----

// From the agent: a request (PKCS #10, PEM) for a new key, which never leaves the agent.
struct CertificateRenew
{
    std::string csr;
    bool operator==(const CertificateRenew&) const = default;
};
// From the relay: the certificate and those up to the root (PEM), for links to come.
struct CertificateIssued
{
    std::string chain;
    bool operator==(const CertificateIssued&) const = default;
};
// From the relay. The certificate in use stays what it is.
struct CertificateRefused
{
    Refusal refusal;
    bool operator==(const CertificateRefused&) const = default;
};

// ---- Both ways ----

// The answer to a type that the receiver does not know. Never answered itself.
struct Unsupported
{
    std::string of;
    bool operator==(const Unsupported&) const = default;
};

using Message = std::variant<Hello, TunnelOpen, TunnelClose, TunnelUpdate, Reauth, StreamFailed,
                             Welcome, TunnelOpened, TunnelRefused, Refuse, Drain, Challenge, Notice,
                             Unsupported, CertificateRenew, CertificateIssued, CertificateRefused,
                             TunnelCheck, TunnelChecked>;

// "tunnel.open" and the like.
std::string_view typeText(const Message& message);

} // namespace sallyport::wire
