#include <sallyport/certificates/web_client.h>

#include <QNetworkReply>
#include <QNetworkRequest>
#include <QSslCertificate>
#include <QTimer>

namespace sallyport::certificates {

WebClient::WebClient(Options options)
    : m_options(std::move(options)), m_tls(QSslConfiguration::defaultConfiguration())
{
    m_network.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    m_network.setAutoDeleteReplies(false);
}

WebClient::~WebClient()
{
    for (QNetworkReply* reply : m_network.findChildren<QNetworkReply*>())
        reply->disconnect();
}

std::optional<std::string> WebClient::prepare()
{
    if (m_options.caFile.empty())
        return std::nullopt;
    const auto authorities =
        QSslCertificate::fromPath(QString::fromStdString(m_options.caFile), QSsl::Pem);
    if (authorities.isEmpty())
        return m_options.caFile + ": holds no certificate (PEM) that can be read";
    m_tls.setCaCertificates(authorities);
    return std::nullopt;
}

void WebClient::send(const WebRequest& request, Done done)
{
    QNetworkRequest wanted(QUrl(QString::fromStdString(request.url), QUrl::StrictMode));
    wanted.setSslConfiguration(m_tls);
    wanted.setRawHeader("User-Agent", QByteArray::fromStdString(m_options.userAgent));
    for (const auto& [name, value] : request.headers)
        wanted.setRawHeader(QByteArray::fromStdString(name), QByteArray::fromStdString(value));
    // Not by sendCustomRequest() alone: an answer to its "HEAD" would be waited for a body.
    QNetworkReply* reply =
        request.method == "HEAD" ? m_network.head(wanted)
        : request.method == "GET"
            ? m_network.get(wanted)
            : m_network.sendCustomRequest(wanted, QByteArray::fromStdString(request.method),
                                          QByteArray::fromStdString(request.body));
    // A bound on the whole, not on its silences.
    QTimer::singleShot(m_options.timeout, reply, [reply] {
        reply->setProperty("late", true);
        reply->abort();
    });
    QObject::connect(reply, &QNetworkReply::readyRead, reply, [this, reply] {
        if (size_t(reply->bytesAvailable()) <= m_options.bodyLimit)
            return;
        reply->setProperty("long", true);
        reply->abort();
    });
    QObject::connect(
        reply, &QNetworkReply::finished, this,
        [this, reply, done = std::move(done)] { finish(reply, done); }, Qt::QueuedConnection);
}

void WebClient::finish(QNetworkReply* reply, const Done& done)
{
    WebAnswer answer;
    const QVariant status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute);
    const auto error = reply->error();
    if (reply->property("long").toBool() || size_t(reply->bytesAvailable()) > m_options.bodyLimit)
        answer.trouble = "the answer is too long";
    else if (reply->property("late").toBool())
        answer.trouble = "no answer in time";
    else if (!status.isValid() || error == QNetworkReply::RemoteHostClosedError ||
             error == QNetworkReply::OperationCanceledError)
        answer.trouble = reply->errorString().toStdString();
    answer.status = status.toInt();
    for (const auto& [name, value] : reply->rawHeaderPairs())
        answer.headers.emplace_back(name.toLower().toStdString(), value.toStdString());
    if (answer.trouble.empty())
        answer.body = reply->read(qint64(m_options.bodyLimit)).toStdString();
    reply->deleteLater();
    done(answer);
}

} // namespace sallyport::certificates
