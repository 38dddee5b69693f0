// What can be seen of an Agent at a moment. Plain values.
#pragma once

#include <sallyport/agent/problem.h>
#include <sallyport/base/clock.h>
#include <sallyport/config/tunnel_config.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::agent {

enum class LinkState : uint8_t {
    Offline,    // not started
    Connecting, // dialing, or waiting for the relay's welcome
    Connected,
    Waiting, // between two tries
    Stopped, // by stop()
    Refused, // for good: trying again can't help
};
std::string_view toText(LinkState state);

enum class TunnelState : uint8_t {
    Pending, // not answered yet, or there is no link
    Open,
    Refused, // by the relay; the rest of the agent goes on
};
std::string_view toText(TunnelState state);

struct TunnelCounters
{
    uint64_t open = 0; // connections now
    uint64_t total = 0;
    uint64_t bytesIn = 0;  // from visitors
    uint64_t bytesOut = 0; // to visitors
    uint64_t upstreamErrors = 0;
};

struct TunnelStatus
{
    std::string ref;
    config::TunnelConfig config;
    TunnelState state = TunnelState::Pending;
    std::vector<std::string> urls;
    std::string refusalCode;
    std::string refusalText;
    bool refusalIsFinal = false; // asking again can't help
    // A sentence while the upstream can't be reached, else empty.
    std::string upstreamProblem;
    ProblemCode upstreamCode = ProblemCode::Other;
    // A sentence while visitors can't be shown the certificate that the agent is to show them.
    std::string certificateProblem;
    ProblemCode certificateCode = ProblemCode::Other;
    TunnelCounters counters;
};

// One request that went through an http tunnel. Answered when `status` is not 0.
struct RequestRecord
{
    uint64_t number = 0; // grows by one with each request
    std::chrono::system_clock::time_point time;
    std::string tunnel;
    std::string method;
    std::string path; // cut at 512 bytes; without its query's values it would be another request
    unsigned status = 0;
    std::chrono::microseconds duration{0}; // to the head of the answer
};

// Why an agent gave up.
struct AgentFailure
{
    enum class Kind : uint8_t {
        Credentials, // the relay refuses them
        Refused,     // the relay refuses this agent for another reason
        Untrusted,   // the relay's certificate is not the one to be believed
        TakenOver,   // a newer agent with the same id took this one's place
        Options,     // what the agent was told can't work
    };
    Kind kind = Kind::Refused;
    std::string code; // the relay's, or empty
    std::string text; // a sentence
    ProblemCode problem = ProblemCode::Other;
};

// The certificate that proves who the agent is.
struct IdentityStatus
{
    std::string name;
    std::chrono::system_clock::time_point notAfter;
};

struct Status
{
    LinkState state = LinkState::Offline;
    std::string relay;     // as configured
    std::string transport; // "tls", "wss", "tcp"; while connected
    uint16_t port = 0;     // of the relay; while connected
    std::string session;   // the relay's name for the link
    std::optional<Duration> roundTrip;
    std::optional<TimePoint> nextTry; // while waiting
    uint32_t failedTries = 0;         // in a row
    std::string problem;              // why the last try failed or the last link ended
    ProblemCode problemCode = ProblemCode::Other;
    std::optional<AgentFailure> failure; // with Refused
    std::optional<IdentityStatus> identity;
    std::vector<TunnelStatus> tunnels; // in the order of their refs
};

} // namespace sallyport::agent
