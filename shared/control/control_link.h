// One connection to a control socket, as a client: requests with their answers, and events.
//
// Threads: one with an event loop. When the connection ends every open request fails with a
// sentence, then down() comes; nothing else after it. One ControlLink for each connection.
#pragma once

#include <sallyport/agent/problem.h>
#include <sallyport/base/result.h>

#include <QJsonObject>
#include <QLocalSocket>
#include <QObject>

#include <functional>
#include <map>
#include <string>

namespace sallyport::control {

class ControlLink final : public QObject
{
    Q_OBJECT

public:
    struct Limits
    {
        qint64 line = 16 * 1024 * 1024;   // of an answer or an event
        size_t bytes = 64 * 1024 * 1024;  // of an answer in pieces
        qint64 request = 4 * 1024 * 1024; // longer ones are not sent
    };
    using Answered = std::function<void(Result<QJsonObject, agent::Problem>)>;
    using BytesAnswered = std::function<void(Result<std::string, std::string>)>;

    explicit ControlLink(const std::string& path, Limits limits);
    explicit ControlLink(const std::string& path) : ControlLink(path, Limits()) {}
    ~ControlLink() override;

    void request(QJsonObject message, Answered answered);
    void requestBytes(QJsonObject message, BytesAnswered answered);

signals:
    void up();
    void eventArrived(const QJsonObject& message);
    void down();

private:
    struct Waiting
    {
        Answered answered;
        BytesAnswered bytesAnswered;
        std::string bytes;
    };

    void send(QJsonObject message, Waiting waiting);
    void read();
    void handle(const QJsonObject& message);
    void ended();
    static void fail(Waiting& waiting, const agent::Problem& problem);

    Limits m_limits;
    QLocalSocket m_socket;
    std::map<qint64, Waiting> m_waiting;
    qint64 m_lastId = 0;
    bool m_ended = false;
};

} // namespace sallyport::control
