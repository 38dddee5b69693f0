// An HTTP server for tests: answers what a function says, one request at a time.
#pragma once

#include <QTcpServer>
#include <QTcpSocket>

#include <functional>
#include <string>
#include <vector>

struct StubRequest
{
    std::string method, path, headers, body;
};

class HttpStub
{
public:
    // A whole answer, or an empty one for none at all.
    using Handler = std::function<std::string(const StubRequest&)>;

    explicit HttpStub(Handler handler) : m_handler(std::move(handler))
    {
        m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::newConnection, [this] {
            QTcpSocket* socket = m_server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] {
                m_input[socket] += socket->readAll().toStdString();
                answer(socket);
            });
        });
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(m_server.serverPort()); }
    std::vector<StubRequest> requests;

    static std::string json(int status, const std::string& body)
    {
        return "HTTP/1.1 " + std::to_string(status) +
               " X\r\nContent-Type: application/json\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body;
    }

private:
    void answer(QTcpSocket* socket)
    {
        std::string& in = m_input[socket];
        const size_t end = in.find("\r\n\r\n");
        if (end == std::string::npos)
            return;
        const std::string head = in.substr(0, end + 2);
        size_t length = 0;
        const QString lower = QString::fromStdString(head).toLower();
        if (const auto at = lower.indexOf("content-length:"); at >= 0)
            length = lower.mid(at + 15, lower.indexOf("\r\n", at) - at - 15).trimmed().toULong();
        if (in.size() < end + 4 + length)
            return;
        StubRequest request;
        request.method = head.substr(0, head.find(' '));
        const size_t path = request.method.size() + 1;
        request.path = head.substr(path, head.find(' ', path) - path);
        request.headers = head;
        request.body = in.substr(end + 4, length);
        in.erase(0, end + 4 + length);
        requests.push_back(request);
        const std::string text = m_handler(request);
        if (!text.empty())
            socket->write(QByteArray::fromStdString(text));
    }

    Handler m_handler;
    QTcpServer m_server;
    std::map<QTcpSocket*, std::string> m_input;
};
