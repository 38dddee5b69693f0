#include <sallyport/agent/agent.h>
#include <sallyport/control/control_server.h>
#include <sallyport/control/socket_paths.h>

#include <QCoreApplication>
#include <QJsonDocument>
#include <QLocalSocket>

#include <utility>

namespace sallyport::control {

ControlServer::ControlServer(Actions actions) : m_actions(std::move(actions))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &ControlServer::connected);
}

ControlServer::~ControlServer() = default;

bool ControlServer::listen()
{
    if (!prepareControlFolder())
        return false;
    const QString path = QString::fromStdString(ownControlSocket());
    QLocalServer::removeServer(path); // of a process that had our number before
    return m_server.listen(path);
}

void ControlServer::connected()
{
    while (QLocalSocket* client = m_server.nextPendingConnection()) {
        if (m_clients >= MaxClients) {
            client->abort();
            client->deleteLater();
            continue;
        }
        ++m_clients;
        connect(client, &QLocalSocket::readyRead, this, [this, client] { readFrom(client); });
        connect(client, &QLocalSocket::disconnected, this, [this, client] {
            --m_clients;
            client->deleteLater();
        });
    }
}

void ControlServer::readFrom(QLocalSocket* client)
{
    while (client->canReadLine()) {
        const QByteArray line = client->readLine(MaxLine);
        client->write(QJsonDocument(answer(line)).toJson(QJsonDocument::Compact) + '\n');
    }
    if (client->bytesAvailable() >= MaxLine)
        client->abort();
}

QJsonObject ControlServer::answer(const QByteArray& line)
{
    const QString type = QJsonDocument::fromJson(line).object().value("type").toString();
    if (type == "status") {
        const std::string version(agent::version());
        return {{"type", "status"},
                {"pid", QCoreApplication::applicationPid()},
                {"version", QString::fromStdString(version)},
                {"agent", m_actions.status()}};
    }
    if (type == "retry" || type == "stop") {
        (type == "retry" ? m_actions.retry : m_actions.stop)();
        return {{"type", "done"}};
    }
    return {{"type", "error"}, {"message", "unknown request; there are status, retry and stop"}};
}

} // namespace sallyport::control
