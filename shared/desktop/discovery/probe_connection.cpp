#include "discovery/probe_connection.h"

#include "discovery/web_markers.h"

#include <sallyport/desktop/service_guess.h>

#include <QHostAddress>
#include <QNetworkProxy>

#include <utility>

namespace sallyport::desktop {

namespace {

constexpr int mostRedirects = 2;

// A service that wants TLS says so in a few ways when it gets a plain request.
bool isTlsComplaint(std::string_view answer)
{
    const bool alert = answer.size() >= 7 && answer[0] == 0x15 && answer[1] == 0x03;
    return alert || answer.find("sent to HTTPS port") != std::string_view::npos ||         // nginx
           answer.find("HTTP request to an HTTPS server") != std::string_view::npos ||     // Go
           answer.find("speaking plain HTTP to an SSL-enabled") != std::string_view::npos; // Apache
}

} // namespace

ProbeConnection::ProbeConnection(ServiceProbe::Target target, const ServiceProbe::Options& options,
                                 QObject* parent)
    : QObject(parent), m_target(std::move(target)), m_options(options)
{
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, &ProbeConnection::finish);
    m_socket.setProxy(QNetworkProxy::NoProxy);
    // Whose certificate it is does not matter here: nothing secret is sent, and nothing is
    // believed.
    m_socket.setPeerVerifyMode(QSslSocket::VerifyNone);
    m_socket.setReadBufferSize(static_cast<qint64>(m_options.answerBytes));
    connect(&m_socket, &QSslSocket::connected, this, [this] {
        if (!m_tls)
            sendRequest();
    });
    connect(&m_socket, &QSslSocket::encrypted, this, [this] {
        m_tlsWorked = true;
        sendRequest();
    });
    connect(&m_socket, &QSslSocket::readyRead, this, &ProbeConnection::read);
    connect(&m_socket, &QSslSocket::disconnected, this, &ProbeConnection::endLater);
    connect(&m_socket, &QSslSocket::errorOccurred, this, &ProbeConnection::endLater);
}

void ProbeConnection::start()
{
    m_deadline.start(m_options.timeout);
    connectNow();
}

void ProbeConnection::connectNow()
{
    m_socket.abort();
    ++m_try;
    m_answer.clear();
    const QString host = QString::fromStdString(m_target.host);
    if (m_tls)
        m_socket.connectToHostEncrypted(host, m_target.port, "localhost");
    else
        m_socket.connectToHost(host, m_target.port);
}

void ProbeConnection::sendRequest()
{
    const std::string request = "GET " + m_path +
                                " HTTP/1.1\r\n"
                                "Host: localhost:" +
                                std::to_string(m_target.port) +
                                "\r\n"
                                "User-Agent: Sallyport\r\n"
                                "Accept: text/html,*/*;q=0.5\r\n"
                                "Accept-Encoding: identity\r\n"
                                "Connection: close\r\n\r\n";
    m_socket.write(request.data(), static_cast<qint64>(request.size()));
}

void ProbeConnection::read()
{
    const QByteArray bytes =
        m_socket.read(static_cast<qint64>(m_options.answerBytes - m_answer.size()));
    m_answer.append(bytes.data(), static_cast<size_t>(bytes.size()));
    const bool web = WebAnswer::parse(m_answer).status != 0 || m_answer.size() < 12;
    // A greeting is short and waits for more; a page ends by itself, or is cut.
    if (m_answer.size() >= m_options.answerBytes || !web)
        ended();
}

// Outside of the socket's own signal, and of this try alone: one that ends may say so twice.
void ProbeConnection::endLater()
{
    QMetaObject::invokeMethod(
        this,
        [this, number = m_try] {
            if (number == m_try)
                ended();
        },
        Qt::QueuedConnection);
}

void ProbeConnection::ended()
{
    if (m_ended)
        return;
    ++m_try;
    if (!m_tls && wantsTls()) {
        m_tls = true;
        connectNow();
        return;
    }
    if (!follow())
        finish();
}

// Some close the connection without a word when no handshake comes.
bool ProbeConnection::wantsTls() const
{
    return m_answer.empty() ? m_socket.error() != QAbstractSocket::ConnectionRefusedError
                            : isTlsComplaint(m_answer);
}

bool ProbeConnection::follow()
{
    const WebAnswer answer = WebAnswer::parse(m_answer);
    if (answer.status < 300 || answer.status >= 400 || m_redirects >= mostRedirects)
        return false;
    std::string path(answer.field("location"));
    if (!path.empty() && path.find("://") == std::string::npos && !path.starts_with('/'))
        path = "/" + path; // "web/" beside the root
    // Another host is another service's matter.
    if (!path.starts_with('/') || path.starts_with("//") || path.size() > 1024 || path == m_path ||
        path.find_first_of(" \r\n") != std::string::npos)
        return false;
    ++m_redirects;
    m_path = path;
    connectNow();
    return true;
}

void ProbeConnection::finish()
{
    if (std::exchange(m_ended, true))
        return;
    m_deadline.stop();
    m_socket.abort();
    emit finished();
}

ServiceGuess ProbeConnection::guess() const
{
    return guessService({m_target.port, m_target.process, m_target.program, m_answer, m_tlsWorked});
}

} // namespace sallyport::desktop
