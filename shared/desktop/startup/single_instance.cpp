#include <sallyport/config/files.h>
#include <sallyport/desktop/single_instance.h>

#include <QLocalSocket>
#include <QStandardPaths>

namespace sallyport::desktop {

namespace {

constexpr char wish[] = "show\n";
constexpr char answer[] = "ok\n";
constexpr int longestWish = 16;

} // namespace

SingleInstance::SingleInstance(const std::string& folder, QObject* parent) : QObject(parent)
{
    const QString base = QString::fromStdString(folder);
#ifdef Q_OS_WIN
    m_socket = "sallyport-gui-" + qEnvironmentVariable("USERNAME"); // pipes have no folder
#else
    m_socket = base + "/gui.socket";
#endif
    m_lockPath = base + "/gui.lock";
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    // A crowd of connections is nobody's wish.
    m_server.setMaxPendingConnections(8);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::greet);
}

SingleInstance::~SingleInstance() = default;

std::string SingleInstance::defaultFolder()
{
    return (QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation) + "/sallyport")
        .toStdString();
}

SingleInstance::Claim SingleInstance::claim(std::chrono::milliseconds patience)
{
    const QString folder = m_lockPath.left(m_lockPath.lastIndexOf('/'));
    if (!config::makeFolder(folder.toStdString()))
        return Claim::Unknown;
    m_lock = std::make_unique<QLockFile>(m_lockPath);
    m_lock->setStaleLockTime(0); // only the death of its process makes it stale
    if (m_lock->tryLock()) {
        listen();
        return Claim::First;
    }
    if (m_lock->error() != QLockFile::LockFailedError)
        return Claim::Unknown;
    return askTheFirst(patience) ? Claim::Other : Claim::Unknown;
}

// The lock is ours, so a socket that is there belongs to nobody any more.
void SingleInstance::listen()
{
    QLocalServer::removeServer(m_socket);
    m_server.listen(m_socket);
}

bool SingleInstance::askTheFirst(std::chrono::milliseconds patience) const
{
    const int wait = static_cast<int>(patience.count());
    QLocalSocket socket;
    socket.connectToServer(m_socket);
    if (!socket.waitForConnected(wait))
        return false;
    socket.write(wish);
    return socket.waitForBytesWritten(wait) && socket.waitForReadyRead(wait);
}

void SingleInstance::greet()
{
    while (QLocalSocket* socket = m_server.nextPendingConnection()) {
        socket->setReadBufferSize(longestWish);
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        const auto read = [this, socket] {
            if (!socket->canReadLine()) {
                if (socket->bytesAvailable() >= longestWish)
                    socket->abort();
                return;
            }
            if (socket->readLine() == wish) {
                socket->write(answer);
                emit raiseRequested();
            }
            socket->disconnectFromServer();
        };
        connect(socket, &QLocalSocket::readyRead, this, read);
        read(); // what came before the signal was connected
    }
}

} // namespace sallyport::desktop
