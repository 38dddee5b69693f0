// SIGTERM, SIGINT, SIGHUP, SIGWINCH and SIGTSTP as calls on the event loop (by a pipe that the
// handler writes to).
//
// Threads: one instance for each process, on the main thread. On Windows: console events.
#pragma once

#include <QObject>

#include <functional>
#include <memory>

class QSocketNotifier;

namespace sallyport::cli {

class UnixSignals final : public QObject
{
public:
    // Called with the signal's number.
    explicit UnixSignals(std::function<void(int)> came);
    ~UnixSignals() override;

private:
    void read();

    std::function<void(int)> m_came;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace sallyport::cli
