// Handler mode: a program takes the connections of a tunnel itself, instead of having them
// forwarded to a port.
//
//     spec.handler = [&](const IncomingConnection& visitor) {
//         if (visitor.host != "api.example.com")
//             return ConnectDecision::decline();         // goes to the configured upstream
//         return ConnectDecision::take([&](std::unique_ptr<StreamDevice> device) {
//             server.serve(std::move(device));
//         });
//     };
//
// Threads: called on the agent's thread, once for each connection; it must not block. Lifetime: the
// handler is kept until its tunnel is removed or gets another; `take` is called once, right after
// the handler returned, or never when the visitor is already gone. Bytes that came with the visitor
// are in the device by then, and readyRead() tells of them in the loop's next turn.
#pragma once

#include <sallyport/agent/stream_device.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace sallyport::agent {

// Who comes, as the relay tells it.
struct IncomingConnection
{
    std::string tunnel;    // the tunnel's ref
    std::string visitor;   // "203.0.113.7:50123"; empty when the relay itself asks
    std::string host;      // the host asked for, or the SNI; may be empty
    std::string requestId; // may be empty
    bool tls = false;      // the visitor came by TLS, which the relay ended
};

class ConnectDecision
{
public:
    using Take = std::function<void(std::unique_ptr<StreamDevice>)>;
    enum class Kind : uint8_t { Take, Decline, Refuse };

    static ConnectDecision take(Take take)
    {
        return ConnectDecision(Kind::Take, std::move(take), {});
    }
    // Forward it to the tunnel's upstream; refused when it has none.
    static ConnectDecision decline() { return ConnectDecision(Kind::Decline, {}, {}); }
    // The visitor is told that the service is not there; the reason goes to the relay's log.
    static ConnectDecision refuse(std::string reason)
    {
        return ConnectDecision(Kind::Refuse, {}, std::move(reason));
    }

    Kind kind() const { return m_kind; }
    const Take& taker() const { return m_take; }
    const std::string& reason() const { return m_reason; }

private:
    ConnectDecision(Kind kind, Take take, std::string reason)
        : m_kind(kind), m_take(std::move(take)), m_reason(std::move(reason))
    {}

    Kind m_kind;
    Take m_take;
    std::string m_reason;
};

using ConnectHandler = std::function<ConnectDecision(const IncomingConnection&)>;

} // namespace sallyport::agent
