// Sends one request to an upstream again and lets a watch see what passes, so that the answer
// becomes a record like any other.
//
// Bounded: ConnectTimeout, AnswerTimeout without a byte, AnswerLimit bytes; stop() ends it before.
// Destroys itself when it is over. Threads: that of the object.
#pragma once

#include <sallyport/net/connection_watch.h>

#include <QIODevice>
#include <QObject>
#include <QTimer>

#include <memory>
#include <string>

namespace sallyport::inspect {

class Replayer final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::seconds ConnectTimeout{10};
    static constexpr std::chrono::seconds AnswerTimeout{60};
    static constexpr qint64 AnswerLimit = 64ll * 1024 * 1024;

    Replayer(std::unique_ptr<net::ConnectionWatch> watch, std::string upstream, std::string message,
             QObject* parent);
    // For tests: the timeouts.
    void setTimeouts(std::chrono::milliseconds connect, std::chrono::milliseconds answer);
    void start();
    // Nothing more is sent or read. Fine when it is over.
    void stop() { end(net::WatchEnd::Stopped); }
    bool isOver() const { return m_over; }

private:
    void connected();
    void readAnswer();
    void closed();
    void failed(net::UpstreamFault fault, const std::string& sentence);
    void overdue();
    void end(net::WatchEnd how);

    std::unique_ptr<net::ConnectionWatch> m_watch;
    std::string m_upstream;
    std::string m_message;
    QIODevice* m_socket = nullptr;
    QTimer m_timer;
    std::chrono::milliseconds m_connectTimeout = ConnectTimeout;
    std::chrono::milliseconds m_answerTimeout = AnswerTimeout;
    qint64 m_received = 0;
    bool m_connected = false;
    bool m_over = false;
};

} // namespace sallyport::inspect
