// Looks whether the upstreams of web services are there, without waiting for a visitor to find that
// they are not: once when a tunnel opens, and again and again while one is down. It connects and
// lets go. A tcp tunnel is not looked at: what is behind it may take one connection alone.
//
// Bounded: AtOnce connections; the others wait, each tunnel once.
//
// Threads: the agent's. Lifetime: shorter than the IoContext and the owner.
#pragma once

#include "tunnel.h"
#include "upstream_connector.h"

#include <sallyport/net/deadline.h>

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <set>

namespace sallyport::agent {

class UpstreamProbesOwner
{
public:
    virtual void upstreamAnswered(Tunnel& tunnel) = 0;
    virtual void upstreamFailed(Tunnel& tunnel, const UpstreamError& error) = 0;

protected:
    ~UpstreamProbesOwner() = default;
};

class UpstreamProbes
{
public:
    static constexpr size_t AtOnce = 8;

    UpstreamProbes(net::IoContext& io, UpstreamProbesOwner& owner);
    ~UpstreamProbes();

    // `again`: between two looks at one that is down; zero switches all of this off. `timeout`: of
    // each look.
    void configure(std::chrono::milliseconds again, std::chrono::milliseconds timeout);
    // It opened, or its upstream is another.
    void look(const std::shared_ptr<Tunnel>& tunnel);
    // Found down, by a look or a visitor: it is looked at until it answers or is no longer open.
    void down(const std::shared_ptr<Tunnel>& tunnel);

    size_t underWay() const { return m_looks.size(); }
    size_t waiting() const { return m_waiting.size(); }

private:
    struct Look
    {
        std::weak_ptr<Tunnel> tunnel;
        std::unique_ptr<UpstreamConnector> connector;
    };
    using Tunnels = std::set<std::weak_ptr<Tunnel>, std::owner_less<>>;

    bool isWanted(const Tunnel& tunnel) const;
    static void add(Tunnels& tunnels, const std::shared_ptr<Tunnel>& tunnel);
    void startSome();
    void answered(std::list<Look>::iterator look, const Result<net::Socket, UpstreamError>& result);
    void lookAgain();

    net::IoContext& m_io;
    UpstreamProbesOwner& m_owner;
    std::chrono::milliseconds m_again{0};
    std::chrono::milliseconds m_timeout{0};
    std::list<Look> m_looks;
    Tunnels m_waiting;
    Tunnels m_down;
    bool m_starting = false;
    net::Deadline m_next;
};

} // namespace sallyport::agent
