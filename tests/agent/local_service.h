// A local TCP service for an agent's upstream: writes down what comes and answers by the test's
// hand.
#pragma once

#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>

#include <string>
#include <vector>

namespace sallyport::agent::test {

class LocalService final : public QObject
{
public:
    explicit LocalService(const QHostAddress& address = QHostAddress::LocalHost, quint16 port = 0)
    {
        connect(&m_server, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket* socket = m_server.nextPendingConnection()) {
                sockets.push_back(socket);
                connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
                    if (reads)
                        received += socket->readAll().toStdString();
                });
                connect(socket, &QTcpSocket::disconnected, this, [this] { ++ended; });
                if (!reads)
                    socket->setReadBufferSize(4096);
            }
        });
        listening = m_server.listen(address, port);
    }

    bool listening = false;
    bool reads = true;
    std::string received;
    int ended = 0;
    std::vector<QTcpSocket*> sockets;

    quint16 port() const { return m_server.serverPort(); }
    std::string upstream() const { return "127.0.0.1:" + std::to_string(port()); }

private:
    QTcpServer m_server;
};

} // namespace sallyport::agent::test
