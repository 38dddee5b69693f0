// Questions to the relay whether an address is free (`tunnel.check`), and their answers.
#pragma once

#include "relay_link.h"

#include <sallyport/agent/agent.h>

#include <map>
#include <string>

namespace sallyport::agent {

class TunnelChecks
{
public:
    // `link` is null while there is none.
    void ask(RelayLink* link, const config::TunnelConfig& tunnel, Agent::Checked checked);
    // Whether the message was an answer to one of these.
    bool takes(const wire::AgentControl::Event& event);
    void linkLost();

private:
    void answer(const std::string& ref, Result<Agent::CheckedTunnel, Problem> result);
    void failAll(const Problem& problem);

    std::map<std::string, Agent::Checked> m_open; // by the question's ref
    uint64_t m_last = 0;
};

} // namespace sallyport::agent
