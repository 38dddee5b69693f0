#include "tunnel_ports.h"

#include "worker_core.h"

#include <sallyport/net/listener.h>

#include <memory>

namespace sallyport::relay {

bool TunnelPorts::openPort(uint16_t port)
{
    if (port == m_shared.httpsPort)
        return true; // listened on already
    const std::string& bind = m_shared.config.tcpBind;
    auto socket = bind.empty() ? net::Listener::open(net::Address::anyIpv6(port), false)
                               : net::Listener::open(*net::Address::fromText(bind, port), false);
    if (!socket && bind.empty())
        socket = net::Listener::open(net::Address::anyIpv4(port), false);
    if (!socket) {
        m_shared.log.warning("cannot listen on a tunnel's port",
                             {{"port", port}, {"reason", socket.error().text()}});
        return false;
    }
    auto carried = std::make_shared<net::Socket>(std::move(*socket));
    workerOf(port).post(
        [port, carried](WorkerCore& core) { core.openPort(port, std::move(*carried)); });
    return true;
}

void TunnelPorts::closePort(uint16_t port)
{
    workerOf(port).post([port](WorkerCore& core) { core.closePort(port); });
}

} // namespace sallyport::relay
