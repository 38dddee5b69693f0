#include "admin/admin_server.h"

#include "visitors/answers.h"

#include <sallyport/http/head_reader.h>

#include <QTcpSocket>
#include <QTimer>

namespace sallyport::relay {

namespace {
constexpr int ConnectionLimit = 64;
constexpr qint64 RequestLimit = 8 * 1024;
constexpr auto RequestTime = std::chrono::seconds(5);
} // namespace

AdminServer::AdminServer(AdminCommands& commands, observe::Log log)
    : m_commands(commands), m_log(std::move(log))
{}

std::optional<std::string> AdminServer::listen(const config::ListenAddress& address)
{
    auto server = std::make_unique<QTcpServer>();
    const QHostAddress host = address.host.empty()
                                  ? QHostAddress(QHostAddress::Any)
                                  : QHostAddress(QString::fromStdString(address.host));
    if (!server->listen(host, address.port))
        return "listen.admin " + address.text() + ": " + server->errorString().toStdString();
    connect(server.get(), &QTcpServer::newConnection, this,
            [this, s = server.get()] { accept(*s); });
    m_log.info("listening", {{"for", "admin"},
                             {"address", server->serverAddress().toString().toStdString() + ":" +
                                             std::to_string(server->serverPort())}});
    m_servers.push_back(std::move(server));
    return std::nullopt;
}

void AdminServer::accept(QTcpServer& server)
{
    while (QTcpSocket* socket = server.nextPendingConnection()) {
        if (m_connections >= ConnectionLimit) {
            socket->abort();
            socket->deleteLater();
            continue;
        }
        ++m_connections;
        socket->setReadBufferSize(RequestLimit);
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QObject::destroyed, this, [this] { --m_connections; });
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { handle(*socket); });
        QTimer::singleShot(RequestTime, socket, [socket] { socket->abort(); });
    }
}

void AdminServer::handle(QTcpSocket& socket)
{
    const QByteArray bytes = socket.peek(RequestLimit);
    http::HeadLimits limits;
    limits.head = size_t(RequestLimit) - 1;
    http::RequestReader reader(limits);
    http::RequestHead head;
    const std::string_view view(bytes.constData(), size_t(bytes.size()));
    const http::ReadStatus status = reader.read(asBytes(view), head);
    if (status == http::ReadStatus::NeedMore)
        return;
    disconnect(&socket, &QTcpSocket::readyRead, this, nullptr);
    std::string answer;
    if (status == http::ReadStatus::Error) {
        answer = http::errorResponse(badHead(reader.error()), {});
    } else if (head.path == "/health" &&
               (head.method == http::Method::Get || head.method == http::Method::Head)) {
        head.keepAlive = false;
        answer = healthAnswer(head, m_commands.health().trouble);
    } else {
        http::ErrorOptions options = http::errorOptionsFor(head);
        options.close = true;
        answer = http::errorResponse(
            {404, "not-found", "Only /health is served here.", http::Side::Visitor}, options);
    }
    socket.write(answer.data(), qint64(answer.size()));
    socket.disconnectFromHost();
}

} // namespace sallyport::relay
