#include <sallyport/control/control_client.h>
#include <sallyport/control/socket_paths.h>

#include <QFile>
#include <QJsonDocument>
#include <QLocalSocket>

namespace sallyport::control {

namespace {
constexpr int Patience = 1000; // milliseconds
constexpr qint64 MaxAnswer = 1024 * 1024;
} // namespace

std::optional<QJsonObject> askAgent(const std::string& path, const QJsonObject& request)
{
    QLocalSocket socket;
    socket.connectToServer(QString::fromStdString(path));
    if (!socket.waitForConnected(Patience)) {
        if (socket.error() == QLocalSocket::ConnectionRefusedError)
            QFile::remove(QString::fromStdString(path));
        return std::nullopt;
    }
    socket.write(QJsonDocument(request).toJson(QJsonDocument::Compact) + '\n');
    while (!socket.canReadLine() && socket.bytesAvailable() < MaxAnswer)
        if (!socket.waitForReadyRead(Patience))
            return std::nullopt;
    const QJsonDocument answer = QJsonDocument::fromJson(socket.readLine(MaxAnswer));
    if (!answer.isObject())
        return std::nullopt;
    return answer.object();
}

std::vector<QJsonObject> askAllAgents()
{
    std::vector<QJsonObject> answers;
    for (const std::string& socket : controlSockets())
        if (auto answer = askAgent(socket, {{"type", "status"}}))
            answers.push_back(std::move(*answer));
    return answers;
}

} // namespace sallyport::control
