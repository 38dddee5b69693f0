#include "admin/control_socket.h"

#include <QLocalSocket>
#include <QTimer>

namespace sallyport::relay {

namespace {
constexpr int ConnectionLimit = 16;
constexpr qint64 CommandLimit = 256;
constexpr int AnswerTimeMs = 5000;
} // namespace

ControlSocket::ControlSocket(AdminCommands& commands) : m_commands(commands)
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &ControlSocket::accept);
}

std::optional<std::string> ControlSocket::listen(const std::string& stateDir)
{
    const std::string path = pathIn(stateDir);
    std::string error;
    if (!ask(stateDir, "status", error).empty())
        return "another relay runs on state_dir " + stateDir +
               "; stop it, or give this one a state_dir of its own";
    QLocalServer::removeServer(QString::fromStdString(path)); // left by one that was killed
    if (!m_server.listen(QString::fromStdString(path)))
        return "control socket " + path + ": " + m_server.errorString().toStdString();
    return std::nullopt;
}

void ControlSocket::accept()
{
    while (QLocalSocket* socket = m_server.nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        if (++m_connections > ConnectionLimit)
            socket->abort();
        connect(socket, &QObject::destroyed, this, [this] { --m_connections; });
        socket->setReadBufferSize(CommandLimit);
        QTimer::singleShot(AnswerTimeMs, socket, [socket] { socket->abort(); });
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            if (!socket->canReadLine())
                return;
            const QByteArray command = socket->readLine(CommandLimit).trimmed();
            std::string answer = command == "status"   ? m_commands.status()
                                 : command == "reload" ? m_commands.reloadCommand()
                                 : command == "drain"  ? m_commands.drainCommand()
                                                      : R"({"ok":false,"error":"unknown command"})";
            answer += '\n';
            socket->write(answer.data(), qint64(answer.size()));
            socket->disconnectFromServer();
        });
    }
}

std::string ControlSocket::ask(const std::string& stateDir, const std::string& command,
                               std::string& error)
{
    QLocalSocket socket;
    socket.connectToServer(QString::fromStdString(pathIn(stateDir)));
    if (!socket.waitForConnected(AnswerTimeMs)) {
        error = "no relay answers on " + pathIn(stateDir) + " (" +
                socket.errorString().toStdString() + ")";
        return {};
    }
    socket.write((command + "\n").c_str());
    QByteArray answer;
    while (!answer.endsWith('\n') && socket.waitForReadyRead(AnswerTimeMs))
        answer += socket.readAll();
    if (!answer.endsWith('\n')) {
        error = "the relay did not answer in time";
        return {};
    }
    return answer.trimmed().toStdString();
}

} // namespace sallyport::relay
