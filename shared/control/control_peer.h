// One client of a ControlServer: its lines, its subscription, and what waits for it. Internal.
//
// Lifetime: a child of the server that deletes itself when the client goes.
#pragma once

#include <sallyport/control/control_server.h>
#include <sallyport/inspect/capture_settings.h>

#include <QJsonObject>
#include <QObject>

#include <deque>
#include <functional>
#include <string>

class QLocalSocket;

namespace sallyport::control {

class ControlPeer final : public QObject
{
public:
    ControlPeer(ControlServer& server, QLocalSocket* socket);

    // How a request is answered: once.
    struct Answer
    {
        std::function<void(QJsonObject fields)> done;
        std::function<void(const agent::Problem& problem)> failed;
        // Bytes in pieces of their own lines, then done({}).
        std::function<void(std::string bytes)> bytes;
    };

    AgentControl* control() const { return m_server.control(); }
    const ControlServer& server() const { return m_server; }
    ~ControlPeer() override;

    // Everything that changes, from now on, after what it is now. With `traffic`
    // the agent records while this client is there, unless setCapture() said that it does not.
    void subscribe(bool traffic);
    // A recording that this begins ends with the client; what is secret stays so.
    void setCapture(const inspect::CaptureSettings& settings);

private:
    struct Parts
    {
        QJsonValue id;
        std::string bytes;
        size_t sent = 0;
    };

    void read();
    void handle(const QByteArray& line);
    Answer answerFor(const QJsonValue& id);
    void send(const QJsonObject& message);
    void sendParts();
    void sendSnapshot();
    void written();
    void cut();

    ControlServer& m_server;
    QLocalSocket* m_socket;
    std::deque<Parts> m_parts;
    int m_underWay = 0;
    bool m_subscribed = false;
    bool m_traffic = false;
    bool m_snapshotDue = false;
    bool m_beganRecording = false;
    bool m_wantsNoRecords = false;
};

} // namespace sallyport::control
