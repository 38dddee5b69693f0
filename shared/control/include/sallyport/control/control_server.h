// The running agent's control socket. JSON lines: a request has a `type`, each gets one answer.
//
//     {"type":"status"}  ->  {"type":"status","pid":...,"version":...,"agent":{...}}
//     (status_json.h)
//     {"type":"retry"}   ->  {"type":"done"}      connects now instead of waiting
//     {"type":"stop"}    ->  {"type":"done"}      as SIGTERM
//     anything else      ->  {"type":"error","message":...}
//
// Bounded: MaxClients at once, MaxLine bytes for a request. Only the user who runs the agent may
// connect. Threads: the agent's.
#pragma once

#include <QJsonObject>
#include <QLocalServer>

#include <functional>

class QLocalSocket;

namespace sallyport::control {

class ControlServer final : public QObject
{
public:
    static constexpr int MaxClients = 16;
    static constexpr qint64 MaxLine = 4096;

    struct Actions
    {
        std::function<QJsonObject()> status;
        std::function<void()> retry;
        std::function<void()> stop;
    };

    explicit ControlServer(Actions actions);
    ~ControlServer() override;

    // False when there is no place for a socket; the agent runs without.
    bool listen();

private:
    void connected();
    void readFrom(QLocalSocket* client);
    QJsonObject answer(const QByteArray& line);

    Actions m_actions;
    QLocalServer m_server;
    int m_clients = 0;
};

} // namespace sallyport::control
