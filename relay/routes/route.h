// A public address of a tunnel, as workers see it: immutable, shared by reference count.
#pragma once

#include <sallyport/observe/counters.h>
#include <sallyport/wire/messages.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace sallyport::relay {

class VisitPolicy;

// A link lives on one worker for life.
struct LinkRef
{
    int worker = 0;
    uint64_t id = 0; // unique for the relay's run

    bool operator==(const LinkRef&) const = default;
};

// What one tunnel has carried. Written by its link's worker, read by the control thread.
struct TunnelStats
{
    observe::Counter requests; // http: requests; tls, tcp: connections
    observe::Gauge active;
    observe::Counter bytesIn;  // from visitors
    observe::Counter bytesOut; // to visitors
    observe::Counter errors;   // answered by the relay because the agent or upstream could not
};

struct Route
{
    enum class State {
        Up,
        Grace, // its link just dropped: requests wait
        Away,  // its agent is not connected
    };

    State state = State::Up;
    LinkRef link; // with Up
    uint32_t tunnelId = 0;
    wire::TunnelKind kind = wire::TunnelKind::Http;
    std::optional<std::string> hostHeader;
    bool plainHttp = false; // tls: has an upstream for visitors without TLS
    wire::UpstreamProtocol upstreamProtocol = wire::UpstreamProtocol::Http1;
    std::shared_ptr<TunnelStats> stats;
    std::shared_ptr<const VisitPolicy> policy; // who may visit; null: everybody
};

} // namespace sallyport::relay
