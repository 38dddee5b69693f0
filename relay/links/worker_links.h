// The agents of one worker: connections on their way to become links, and the links.
//
// Whoever has not shown who it is yet is a stranger. Strangers hold few places (limits.handshakes,
// of all workers together), each for a short time; when all are taken the oldest of this worker's
// gives up its own.
//
// Threads: the worker's. Lifetime: closeAll() before it goes.
#pragma once

#include "control_port.h"
#include "links/agent_greeting.h"
#include "links/agent_link.h"
#include "shared_state.h"

#include <sallyport/net/deadline.h>
#include <sallyport/net/io_context.h>
#include <sallyport/net/stream_socket.h>
#include <sallyport/observe/repeat_guard.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>

namespace sallyport::relay {

class WorkerLinks final : private AgentGreetingOwner, private AgentLinkOwner
{
public:
    WorkerLinks(net::IoContext& io, SharedState& shared, ControlPort& control, int worker);
    ~WorkerLinks();

    // A connection whose first byte has not been read.
    void accepted(net::Socket socket, const net::Address& peer);
    // One that asked, over HTTP, to go on as a WebSocket: `answer` is sent, and `early` came behind
    // the request. False when there is no room; then the socket is untouched.
    bool upgrade(net::StreamSocket& socket, std::string_view answer, ByteView early);

    // Null when it is not here (any more).
    AgentLink* find(uint64_t id) const
    {
        const auto found = m_links.find(id);
        return found == m_links.end() ? nullptr : found->second.get();
    }
    void drain(std::chrono::milliseconds deadline);
    void closeAll(const std::string& reason);

private:
    // AgentGreetingOwner
    void greeted(AgentGreeting& greeting, std::unique_ptr<net::Channel> channel, ByteView early,
                 bool earlyFramed) override;
    void greetingFailed(AgentGreeting& greeting, const std::string& reason) override;
    // AgentLinkOwner
    void agentLinkEnded(AgentLink& link) override;
    void agentIntroduced(AgentLink& link) override;
    void agentTrouble(const std::string& peer, const std::string& message) override;

    bool makeRoom();
    AgentLink& addLink(uint64_t id, std::unique_ptr<net::Channel> channel, Counted count);
    void dropGreeting(AgentGreeting& greeting);
    void sweep();

    net::IoContext& m_io;
    SharedState& m_shared;
    ControlPort& m_control;
    const int m_worker;
    std::map<uint64_t, std::unique_ptr<AgentGreeting>> m_greetings; // oldest first
    std::set<uint64_t> m_strangers; // links that have not said hello, oldest first
    std::unordered_map<uint64_t, std::unique_ptr<AgentLink>> m_links;
    observe::RepeatGuard m_troubleGuard;
    net::Deadline m_sweep;
};

} // namespace sallyport::relay
