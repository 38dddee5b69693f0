// A Qt event dispatcher on epoll (Linux). Qt's own dispatchers look at every descriptor at each
// wake-up; this one's cost does not depend on how many are idle. Everything of Qt (timers, socket
// notifiers, posted events) works on it; our own sockets use its Poller side, edge-triggered and
// registered once, without a QSocketNotifier in between.
//
// Install before the loop starts: QThread::setEventDispatcher(), or
// QCoreApplication::setEventDispatcher() before the application object is made.
#pragma once

#include <sallyport/net/poller.h>

#include <QAbstractEventDispatcher>

#include <atomic>
#include <memory>

namespace sallyport::net {

class EpollDescriptors;
class EpollTimers;

class EpollDispatcher final : public QAbstractEventDispatcher, public Poller
{
    Q_OBJECT

public:
    explicit EpollDispatcher(QObject* parent = nullptr);
    ~EpollDispatcher() override;

    // The calling thread's dispatcher, when it is one of these.
    static EpollDispatcher* current();
    // How often the loop asked the system and how many descriptors it was told of, since the start:
    // the measure of "idle ones cost nothing".
    struct Work
    {
        uint64_t waits = 0;
        uint64_t reports = 0;
    };
    Work work() const;

    // QAbstractEventDispatcher
    bool processEvents(QEventLoop::ProcessEventsFlags flags) override;
    void registerSocketNotifier(QSocketNotifier* notifier) override;
    void unregisterSocketNotifier(QSocketNotifier* notifier) override;
    void registerTimer(int timerId, qint64 interval, Qt::TimerType type, QObject* object) override;
    bool unregisterTimer(int timerId) override;
    bool unregisterTimers(QObject* object) override;
    QList<TimerInfo> registeredTimers(QObject* object) const override;
    int remainingTime(int timerId) override;
    void wakeUp() override;
    void interrupt() override;

    // Poller
    void watch(int descriptor, ReadyHandler* handler) override;
    void unwatch(int descriptor) override;
    void drained(int, Readiness) override {} // edge-triggered: the next edge comes by itself
    void again(int descriptor, Readiness hints) override;

private:
    bool mayBlock(bool sockets) const;
    int blockFor(bool timers) const;
    bool waitForWakeUpOnly(int timeoutMs);
    void takeWakeUp();

    int m_wakeDescriptor = -1;
    // Two flags: a wake-up from this thread needs no system call, and must not hide that one from
    // another thread does.
    bool m_wokenHere = false;
    std::atomic<bool> m_wokenElsewhere{false};
    std::atomic<bool> m_interrupted{false};
    std::unique_ptr<EpollTimers> m_timers;
    std::unique_ptr<EpollDescriptors> m_descriptors;
};

} // namespace sallyport::net
