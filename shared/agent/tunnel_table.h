// The tunnels that are wanted, and on the current link those that were asked for and granted;
// brings the second in line with the first, one tunnel at a time.
//
// A tunnel is not asked for again, nor closed, while the relay's answer is still to come: the
// answer carries the id that closing needs, and settle() then does what has become due.
//
// Threads: the agent's.
#pragma once

#include "relay_link.h"
#include "tunnel.h"

#include <sallyport/net/deadline.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sallyport::agent {

class TunnelTableOwner
{
public:
    // The link that is up, or nullptr.
    virtual RelayLink* currentLink() = 0;
    virtual void tunnelOpened(const Tunnel& tunnel) = 0;
    virtual void tunnelRefused(const Tunnel& tunnel) = 0;
    virtual void tunnelClosed(const std::string& ref) = 0;

protected:
    ~TunnelTableOwner() = default;
};

class TunnelTable
{
public:
    // Until a refusal that may pass is put to the test again.
    static constexpr Duration RefusedRetry = std::chrono::seconds(30);

    TunnelTable(net::IoContext& io, TunnelTableOwner& owner);

    // What is wanted from now on.
    void apply(TunnelSpecs specs);
    // For a new link's hello: every tunnel counts as asked for.
    std::vector<wire::TunnelRequest> askForAll();
    void welcomed(RelayLink& link, const wire::Welcome& welcome);
    void opened(RelayLink& link, const wire::TunnelGrant& grant);
    void refused(RelayLink& link, const wire::TunnelRefused& refusal);
    void linkLost();

    const std::map<std::string, std::shared_ptr<Tunnel>>& all() const { return m_tunnels; }

private:
    // What the relay knows of one ref, on the current link.
    struct Slot
    {
        enum class State : uint8_t { Asked, Granted, Refused };
        State state = State::Asked;
        wire::TunnelRequest request;
        uint32_t id = 0;
        bool mayRetry = false;
    };

    void settle(const std::string& ref);
    bool updateAccess(RelayLink& link, Slot& slot, const Tunnel& wanted);
    void closeUnguarded(RelayLink& link, Slot& slot, const std::string& ref);
    void settleAll();
    void retryRefused();

    net::IoContext& m_io;
    TunnelTableOwner& m_owner;
    std::map<std::string, std::shared_ptr<Tunnel>> m_tunnels;
    std::map<std::string, Slot> m_slots;
    net::Deadline m_retry;
};

} // namespace sallyport::agent
