#include "control_peer.h"

#include <sallyport/control/control_server.h>
#include <sallyport/control/socket_paths.h>

#include <QLocalSocket>

#include <utility>

namespace sallyport::control {

ControlServer::ControlServer(Actions actions, std::string id, AgentControl* control,
                             ControlLimits limits)
    : m_actions(std::move(actions)), m_id(std::move(id)), m_control(control), m_limits(limits)
{
    if (!m_control)
        m_limits.line = 4096;
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &ControlServer::connected);
}

// They look at this while they go, which as children they would do too late.
ControlServer::~ControlServer()
{
    while (!m_peers.empty())
        delete *m_peers.begin();
}

bool ControlServer::listen()
{
    return prepareControlFolder() && listen(ownControlSocket());
}

bool ControlServer::listen(const std::string& path)
{
    const QString name = QString::fromStdString(path);
    QLocalServer::removeServer(name); // of a process that had our number before
    return m_server.listen(name);
}

void ControlServer::connected()
{
    while (QLocalSocket* client = m_server.nextPendingConnection()) {
        if (int(m_peers.size()) >= m_limits.clients) {
            client->abort();
            client->deleteLater();
            continue;
        }
        auto* peer = new ControlPeer(*this, client);
        m_peers.insert(peer);
        connect(peer, &QObject::destroyed, this, [this, peer] { m_peers.erase(peer); });
    }
}

} // namespace sallyport::control
