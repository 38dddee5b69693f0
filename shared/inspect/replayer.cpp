#include "replayer.h"

#include <QLocalSocket>
#include <QNetworkProxy>
#include <QTcpSocket>

#include <utility>

namespace sallyport::inspect {

Replayer::Replayer(std::unique_ptr<net::ConnectionWatch> watch, std::string upstream,
                   std::string message, QObject* parent)
    : QObject(parent),
      m_watch(std::move(watch)),
      m_upstream(std::move(upstream)),
      m_message(std::move(message)),
      m_timer(this)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Replayer::overdue);
}

void Replayer::setTimeouts(std::chrono::milliseconds connect, std::chrono::milliseconds answer)
{
    m_connectTimeout = connect;
    m_answerTimeout = answer;
}

void Replayer::start()
{
    // The record begins here, whatever comes of it.
    m_watch->bytesToSocket(asBytes(m_message));
    m_timer.start(m_connectTimeout);
    if (m_upstream.starts_with("unix:")) {
        auto* socket = new QLocalSocket(this);
        m_socket = socket;
        connect(socket, &QLocalSocket::connected, this, &Replayer::connected);
        connect(socket, &QLocalSocket::disconnected, this, &Replayer::closed);
        connect(socket, &QLocalSocket::errorOccurred, this, [this, socket](auto error) {
            if (error == QLocalSocket::PeerClosedError)
                return closed();
            failed(net::UpstreamFault::Refused, socket->errorString().toStdString());
        });
        connect(socket, &QIODevice::readyRead, this, &Replayer::readAnswer);
        socket->connectToServer(QString::fromStdString(m_upstream.substr(5)));
        return;
    }
    auto* socket = new QTcpSocket(this);
    m_socket = socket;
    socket->setProxy(QNetworkProxy::NoProxy);
    connect(socket, &QTcpSocket::connected, this, &Replayer::connected);
    connect(socket, &QTcpSocket::disconnected, this, &Replayer::closed);
    connect(socket, &QTcpSocket::errorOccurred, this, [this, socket](auto error) {
        if (error == QAbstractSocket::RemoteHostClosedError)
            return closed();
        failed(error == QAbstractSocket::ConnectionRefusedError ? net::UpstreamFault::Refused
                                                                : net::UpstreamFault::Other,
               socket->errorString().toStdString());
    });
    connect(socket, &QIODevice::readyRead, this, &Replayer::readAnswer);
    const size_t colon = m_upstream.rfind(':');
    std::string host = m_upstream.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    const int port = colon == std::string::npos ? 0 : atoi(m_upstream.c_str() + colon + 1);
    socket->connectToHost(QString::fromStdString(host), quint16(port));
}

void Replayer::connected()
{
    m_connected = true;
    m_timer.start(m_answerTimeout);
    m_socket->write(m_message.data(), qint64(m_message.size()));
}

void Replayer::readAnswer()
{
    if (m_over)
        return;
    const QByteArray bytes = m_socket->readAll();
    m_received += bytes.size();
    m_timer.start(m_answerTimeout);
    m_watch->bytesFromSocket(asBytes({bytes.data(), size_t(bytes.size())}));
    if (m_received > AnswerLimit)
        failed(net::UpstreamFault::Other, "the answer is over 64 MiB: it was read no further");
}

void Replayer::closed()
{
    if (m_over)
        return;
    readAnswer();
    end(net::WatchEnd::Clean);
}

void Replayer::failed(net::UpstreamFault fault, const std::string& sentence)
{
    if (m_over)
        return;
    m_watch->upstreamFailed(fault, m_upstream + ": " + sentence);
    end(net::WatchEnd::UpstreamFailed);
}

void Replayer::overdue()
{
    failed(net::UpstreamFault::Timeout,
           m_connected ? "no answer came in time" : "no connection came about in time");
}

void Replayer::end(net::WatchEnd how)
{
    if (std::exchange(m_over, true))
        return;
    m_timer.stop();
    m_watch->ended(how);
    deleteLater();
}

} // namespace sallyport::inspect
