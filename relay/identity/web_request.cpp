#include "identity/web_request.h"

#include <QNetworkRequest>
#include <QTimer>

#include <memory>

namespace sallyport::relay {

namespace {

QNetworkRequest requestFor(const QUrl& url)
{
    QNetworkRequest request(url);
    // A redirect could lead from https to elsewhere, or a token to somebody else.
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                         QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute,
                         QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setRawHeader("Accept", "application/json");
    request.setHeader(QNetworkRequest::UserAgentHeader,
                      QStringLiteral("sallyport-relay/" SALLYPORT_VERSION));
    return request;
}

// Reads the answer as it comes, so that it never holds more than the limit.
void follow(QNetworkReply* reply, std::chrono::milliseconds timeout, qint64 limit, WebDone done)
{
    reply->setReadBufferSize(limit + 1);
    auto answer = std::make_shared<WebAnswer>();
    // For all of it; Qt's own transfer timeout begins anew with each byte.
    auto* timer = new QTimer(reply);
    timer->setSingleShot(true);
    QObject::connect(timer, &QTimer::timeout, reply, [reply, answer] {
        answer->error = "no answer in time";
        reply->abort();
    });
    timer->start(timeout);
    QObject::connect(reply, &QNetworkReply::readyRead, reply, [reply, answer, limit] {
        answer->body += reply->readAll();
        if (answer->body.size() > limit) {
            answer->error = "the answer is too large";
            reply->abort();
        }
    });
    QObject::connect(
        reply, &QNetworkReply::finished, reply, [reply, answer, limit, done = std::move(done)] {
            if (reply->isOpen())
                answer->body += reply->readAll();
            answer->cacheControl = reply->rawHeader("Cache-Control").left(256);
            const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
            if (answer->error.empty() && answer->body.size() > limit)
                answer->error = "the answer is too large";
            if (answer->error.empty() && status == 0)
                answer->error = reply->errorString().toStdString();
            // A body that was cut off is no answer.
            if (answer->error.empty() && status < 400 && reply->error() != QNetworkReply::NoError)
                answer->error = reply->errorString().toStdString();
            if (answer->error.empty())
                answer->status = status;
            reply->deleteLater();
            done(*answer);
        });
}

} // namespace

void webGet(QNetworkAccessManager& manager, const QUrl& url, std::chrono::milliseconds timeout,
            qint64 limit, WebDone done)
{
    follow(manager.get(requestFor(url)), timeout, limit, std::move(done));
}

void webPost(QNetworkAccessManager& manager, const QUrl& url, const QByteArray& json,
             std::chrono::milliseconds timeout, qint64 limit, WebDone done)
{
    QNetworkRequest request = requestFor(url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    follow(manager.post(request, json), timeout, limit, std::move(done));
}

} // namespace sallyport::relay
