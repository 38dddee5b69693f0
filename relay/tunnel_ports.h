// The public ports of tcp and tls tunnels: opened on the control thread, so that a claim hears at
// once when the system refuses one, and then listened on by one of the workers.
//
// Threads: the control thread.
#pragma once

#include "routes/registry.h"
#include "shared_state.h"
#include "worker.h"

#include <utility>
#include <vector>

namespace sallyport::relay {

class TunnelPorts final : public PortHolder
{
public:
    explicit TunnelPorts(const SharedState& shared) : m_shared(shared) {}
    // Before the first claim.
    void setWorkers(std::vector<Worker*> workers) { m_workers = std::move(workers); }

    bool openPort(uint16_t port) override;
    void closePort(uint16_t port) override;

private:
    Worker& workerOf(uint16_t port) { return *m_workers[port % m_workers.size()]; }

    const SharedState& m_shared;
    std::vector<Worker*> m_workers;
};

} // namespace sallyport::relay
