// One request of the relay's own to a service of the operator's: bounded in time and size, without
// redirects. Threads: the control thread.
#pragma once

#include <QByteArray>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QObject>
#include <QUrl>

#include <chrono>
#include <functional>
#include <string>

namespace sallyport::relay {

struct WebAnswer
{
    int status = 0; // 0: none came; `error` says why
    std::string error;
    QByteArray body;
    QByteArray cacheControl;
};
using WebDone = std::function<void(const WebAnswer&)>;

// `done` is called once, later, unless the manager goes first.
void webGet(QNetworkAccessManager& manager, const QUrl& url, std::chrono::milliseconds timeout,
            qint64 limit, WebDone done);
void webPost(QNetworkAccessManager& manager, const QUrl& url, const QByteArray& json,
             std::chrono::milliseconds timeout, qint64 limit, WebDone done);

} // namespace sallyport::relay
