#include "epoll_descriptors.h"
#include "epoll_timers.h"

#include <sallyport/net/epoll_dispatcher.h>

#include <QCoreApplication>
#include <QThread>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace sallyport::net {

EpollDispatcher::EpollDispatcher(QObject* parent)
    : QAbstractEventDispatcher(parent),
      m_wakeDescriptor(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      m_timers(std::make_unique<EpollTimers>()),
      m_descriptors(std::make_unique<EpollDescriptors>(m_wakeDescriptor))
{}

EpollDispatcher::~EpollDispatcher()
{
    m_descriptors.reset();
    ::close(m_wakeDescriptor);
}

EpollDispatcher* EpollDispatcher::current()
{
    return qobject_cast<EpollDispatcher*>(QAbstractEventDispatcher::instance());
}

EpollDispatcher::Work EpollDispatcher::work() const
{
    return {m_descriptors->waits(), m_descriptors->reports()};
}

// --- the turn ---

bool EpollDispatcher::processEvents(QEventLoop::ProcessEventsFlags flags)
{
    m_interrupted.store(false, std::memory_order_relaxed);
    emit awake();
    bool didSomething = m_wokenHere || m_wokenElsewhere.load(std::memory_order_acquire);
    m_wokenHere = false;
    // Always: events that were posted before the thread had a dispatcher, and deletions put off by
    // a nested loop, come without a wake-up.
    QCoreApplication::sendPostedEvents();
    didSomething |= runTurnEnd();

    const bool timers = !flags.testFlag(QEventLoop::X11ExcludeTimers);
    const bool sockets = !flags.testFlag(QEventLoop::ExcludeSocketNotifiers);
    // Who waits for events has had some when there was something to do already.
    const bool wait = flags.testFlag(QEventLoop::WaitForMoreEvents) && !didSomething;
    if (wait && mayBlock(sockets))
        emit aboutToBlock(); // whoever listens may find something to do
    if (m_interrupted.load(std::memory_order_relaxed))
        return false;
    const int timeoutMs = wait && mayBlock(sockets) ? blockFor(timers) : 0;
    if (!sockets) {
        didSomething |= waitForWakeUpOnly(timeoutMs);
    } else {
        const EpollDescriptors::Outcome outcome = m_descriptors->waitAndDispatch(timeoutMs);
        if (outcome.woken)
            takeWakeUp();
        didSomething |= outcome.woken || outcome.delivered;
    }
    if (timers)
        didSomething |= m_timers->fire();
    didSomething |= runTurnEnd();
    return didSomething;
}

bool EpollDispatcher::mayBlock(bool sockets) const
{
    return !m_interrupted.load(std::memory_order_relaxed) && !m_wokenHere &&
           !m_wokenElsewhere.load(std::memory_order_acquire) && !turnEndPending() &&
           !(sockets && m_descriptors->wantsTurn());
}

// Milliseconds until the next timer; -1: for ever.
int EpollDispatcher::blockFor(bool timers) const
{
    const auto next = timers ? m_timers->next() : std::nullopt;
    if (!next)
        return -1;
    const auto left = *next - std::chrono::steady_clock::now();
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    return int(std::clamp<int64_t>(ms, 0, 60'000));
}

// Leaves the descriptors alone: an edge that nobody takes would be lost.
bool EpollDispatcher::waitForWakeUpOnly(int timeoutMs)
{
    pollfd wake{m_wakeDescriptor, POLLIN, 0};
    if (::poll(&wake, 1, timeoutMs) <= 0)
        return false;
    takeWakeUp();
    return true;
}

// Before the posted events are looked at (in the next turn, at once): one that comes after this
// rings again.
void EpollDispatcher::takeWakeUp()
{
    uint64_t ignored;
    [[maybe_unused]] const ssize_t n = ::read(m_wakeDescriptor, &ignored, sizeof ignored);
    m_wokenElsewhere.exchange(false, std::memory_order_acq_rel);
    m_wokenHere = true;
}

void EpollDispatcher::wakeUp()
{
    if (QThread::currentThread() == thread()) {
        m_wokenHere = true; // looked at before the loop blocks
        return;
    }
    if (m_wokenElsewhere.exchange(true, std::memory_order_acq_rel))
        return;
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(m_wakeDescriptor, &one, sizeof one);
}

void EpollDispatcher::interrupt()
{
    m_interrupted.store(true, std::memory_order_relaxed);
    wakeUp();
}

// --- timers ---

void EpollDispatcher::registerTimer(int timerId, qint64 interval, Qt::TimerType type,
                                    QObject* object)
{
    m_timers->add(timerId, interval, type, object);
}

bool EpollDispatcher::unregisterTimer(int timerId)
{
    return m_timers->remove(timerId);
}

bool EpollDispatcher::unregisterTimers(QObject* object)
{
    return m_timers->removeAll(object);
}

QList<QAbstractEventDispatcher::TimerInfo> EpollDispatcher::registeredTimers(QObject* object) const
{
    return m_timers->of(object);
}

int EpollDispatcher::remainingTime(int timerId)
{
    return m_timers->remaining(timerId);
}

// --- descriptors ---

void EpollDispatcher::registerSocketNotifier(QSocketNotifier* notifier)
{
    m_descriptors->add(notifier);
}

void EpollDispatcher::unregisterSocketNotifier(QSocketNotifier* notifier)
{
    m_descriptors->remove(notifier);
}

void EpollDispatcher::watch(int descriptor, ReadyHandler* handler)
{
    m_descriptors->watch(descriptor, handler);
}

void EpollDispatcher::unwatch(int descriptor)
{
    m_descriptors->unwatch(descriptor);
}

void EpollDispatcher::again(int descriptor, Readiness hints)
{
    m_descriptors->again(descriptor, hints);
}

} // namespace sallyport::net
