// HTTPS requests to a CA or a DNS provider: one answer for each, at most so long, in so much time.
//
// Certificates are verified, by the system's authorities or those of a file; redirections are not
// followed. Threads: that of its owner; answers come by the event loop, never inside send().
// Lifetime: requests under way are dropped with the client, unanswered.
#pragma once

#include <QByteArray>
#include <QNetworkAccessManager>
#include <QSslConfiguration>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

class QNetworkReply;

namespace sallyport::certificates {

struct WebRequest
{
    std::string method = "GET";
    std::string url;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
};

struct WebAnswer
{
    std::string trouble; // not empty: there was no answer, for this reason
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers; // names in lower case
    std::string body;
};

class WebClient final : public QObject
{
    Q_OBJECT

public:
    struct Options
    {
        std::string caFile; // empty: the system's
        std::string userAgent = "sallyport";
        std::chrono::milliseconds timeout{30'000};
        size_t bodyLimit = 256 * 1024;
    };
    explicit WebClient(Options options);
    ~WebClient() override;

    // Reads the CA file; the reason when that is no use.
    std::optional<std::string> prepare();

    using Done = std::function<void(const WebAnswer&)>;
    void send(const WebRequest& request, Done done);

private:
    void finish(QNetworkReply* reply, const Done& done);

    Options m_options;
    QSslConfiguration m_tls;
    QNetworkAccessManager m_network;
};

} // namespace sallyport::certificates
