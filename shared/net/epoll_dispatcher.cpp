#include <sallyport/net/epoll_dispatcher.h>

#include "epoll_timers.h"

#include <QCoreApplication>
#include <QSocketNotifier>
#include <QThread>

#include <array>
#include <chrono>
#include <cstring>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <vector>

namespace sallyport::net {

class EpollDispatcher::Timers : public EpollTimers
{};

// What is registered for each descriptor: a handler of ours (edge-triggered) or up to three of Qt's
// notifiers (level-triggered). The generation tells a stale event of a closed descriptor from one of
// the descriptor that reuses its number.
class EpollDispatcher::Descriptors
{
public:
    struct Entry
    {
        ReadyHandler* handler = nullptr;
        std::array<QSocketNotifier*, 3> notifiers{};
        uint32_t generation = 0;
        bool registered = false;
    };
    struct Again
    {
        int descriptor;
        uint32_t generation;
        Readiness hints;
    };

    Entry& at(int descriptor)
    {
        if (size_t(descriptor) >= m_entries.size())
            m_entries.resize(size_t(descriptor) + 64);
        return m_entries[size_t(descriptor)];
    }
    Entry* find(int descriptor, uint32_t generation)
    {
        if (size_t(descriptor) >= m_entries.size())
            return nullptr;
        Entry& entry = m_entries[size_t(descriptor)];
        return entry.generation == generation ? &entry : nullptr;
    }
    static uint64_t key(int descriptor, uint32_t generation)
    {
        return (uint64_t(generation) << 32) | uint32_t(descriptor);
    }

    std::vector<Again> again;

private:
    std::vector<Entry> m_entries;
};

EpollDispatcher::EpollDispatcher(QObject* parent)
    : QAbstractEventDispatcher(parent)
    , m_epoll(::epoll_create1(EPOLL_CLOEXEC))
    , m_wakeDescriptor(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
    , m_timers(std::make_unique<Timers>())
    , m_descriptors(std::make_unique<Descriptors>())
{
    if (m_epoll < 0 || m_wakeDescriptor < 0)
        qFatal("epoll: cannot make an event loop: %s", std::strerror(errno));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = Descriptors::key(m_wakeDescriptor, 0);
    ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_wakeDescriptor, &event);
}

EpollDispatcher::~EpollDispatcher()
{
    ::close(m_wakeDescriptor);
    ::close(m_epoll);
}

EpollDispatcher* EpollDispatcher::current()
{
    return qobject_cast<EpollDispatcher*>(QAbstractEventDispatcher::instance());
}

bool EpollDispatcher::processEvents(QEventLoop::ProcessEventsFlags flags)
{
    m_interrupted.store(false, std::memory_order_relaxed);
    emit awake();
    // postEvent() always calls wakeUp(), so the flag says whether anything is posted.
    bool didSomething = m_wakeRequested.exchange(false, std::memory_order_acq_rel);
    if (didSomething)
        QCoreApplication::sendPostedEvents();
    runTurnEnd();

    const bool mayWait = flags.testFlag(QEventLoop::WaitForMoreEvents)
                         && !m_interrupted.load(std::memory_order_relaxed)
                         && !m_wakeRequested.load(std::memory_order_acquire)
                         && m_descriptors->again.empty();
    int timeoutMs = 0;
    if (mayWait) {
        timeoutMs = -1;
        if (const auto next = m_timers->next()) {
            const auto left = *next - std::chrono::steady_clock::now();
            const auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
            timeoutMs = int(std::clamp<int64_t>(ms, 0, 60'000));
        }
        if (timeoutMs != 0)
            emit aboutToBlock();
    }
    didSomething |= waitAndDispatch(timeoutMs, !flags.testFlag(QEventLoop::ExcludeSocketNotifiers));
    didSomething |= m_timers->fire();
    if (m_wakeRequested.exchange(false, std::memory_order_acq_rel)) {
        QCoreApplication::sendPostedEvents();
        didSomething = true;
    }
    runTurnEnd();
    return didSomething;
}

bool EpollDispatcher::waitAndDispatch(int timeoutMs, bool socketNotifiers)
{
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(m_epoll, events.data(), int(events.size()), timeoutMs);
    bool didSomething = false;

    // Those who asked for another turn come first; what they ask for now is for the next one.
    std::vector<Descriptors::Again> again;
    again.swap(m_descriptors->again);
    for (const auto& [descriptor, generation, hints] : again) {
        Descriptors::Entry* entry = m_descriptors->find(descriptor, generation);
        if (entry && entry->handler) {
            entry->handler->onReady(hints);
            didSomething = true;
        }
    }

    for (int i = 0; i < count; ++i) {
        const uint32_t bits = events[size_t(i)].events;
        const int descriptor = int(uint32_t(events[size_t(i)].data.u64));
        if (descriptor == m_wakeDescriptor) {
            uint64_t ignored;
            while (::read(m_wakeDescriptor, &ignored, sizeof ignored) > 0) {}
            m_wakeRequested.store(true, std::memory_order_release);
            continue;
        }
        const auto generation = uint32_t(events[size_t(i)].data.u64 >> 32);
        Descriptors::Entry* entry = m_descriptors->find(descriptor, generation);
        if (!entry)
            continue;
        didSomething = true;
        if (entry->handler) {
            Readiness hints = 0;
            if (bits & (EPOLLIN | EPOLLERR | EPOLLHUP | EPOLLRDHUP))
                hints |= Readable;
            if (bits & (EPOLLOUT | EPOLLERR | EPOLLHUP))
                hints |= Writable;
            if (bits & (EPOLLERR | EPOLLHUP | EPOLLRDHUP))
                hints |= HangUp;
            entry->handler->onReady(hints);
            continue;
        }
        if (!socketNotifiers)
            continue;
        static constexpr uint32_t wanted[] = {EPOLLIN | EPOLLHUP | EPOLLERR | EPOLLRDHUP,
                                              EPOLLOUT | EPOLLHUP | EPOLLERR, EPOLLPRI};
        for (size_t type = 0; type < 3; ++type) {
            // A notifier's slot may have removed the others, or moved the table.
            entry = m_descriptors->find(descriptor, generation);
            if (entry && entry->notifiers[type] && (bits & wanted[type])) {
                QEvent event(QEvent::SockAct);
                QCoreApplication::sendEvent(entry->notifiers[type], &event);
            }
        }
    }
    return didSomething;
}

static void applyNotifiers(int epoll, int descriptor,
                           const std::array<QSocketNotifier*, 3>& notifiers, uint64_t key,
                           bool& registered)
{
    epoll_event event{};
    event.events = (notifiers[0] ? EPOLLIN | EPOLLRDHUP : 0u) | (notifiers[1] ? EPOLLOUT : 0u)
                   | (notifiers[2] ? EPOLLPRI : 0u);
    event.data.u64 = key;
    const bool wanted = event.events != 0;
    if (wanted)
        ::epoll_ctl(epoll, registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, descriptor, &event);
    else if (registered)
        ::epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nullptr);
    registered = wanted;
}

void EpollDispatcher::registerSocketNotifier(QSocketNotifier* notifier)
{
    const int descriptor = int(notifier->socket());
    Descriptors::Entry& entry = m_descriptors->at(descriptor);
    entry.notifiers[size_t(notifier->type())] = notifier;
    applyNotifiers(m_epoll, descriptor, entry.notifiers,
                   Descriptors::key(descriptor, entry.generation), entry.registered);
}

void EpollDispatcher::unregisterSocketNotifier(QSocketNotifier* notifier)
{
    const int descriptor = int(notifier->socket());
    Descriptors::Entry& entry = m_descriptors->at(descriptor);
    if (entry.notifiers[size_t(notifier->type())] != notifier)
        return;
    entry.notifiers[size_t(notifier->type())] = nullptr;
    applyNotifiers(m_epoll, descriptor, entry.notifiers,
                   Descriptors::key(descriptor, entry.generation), entry.registered);
}

void EpollDispatcher::registerTimer(int timerId, qint64 interval, Qt::TimerType type,
                                    QObject* object)
{
    m_timers->add(timerId, interval, type, object);
}

bool EpollDispatcher::unregisterTimer(int timerId) { return m_timers->remove(timerId); }

bool EpollDispatcher::unregisterTimers(QObject* object) { return m_timers->removeAll(object); }

QList<QAbstractEventDispatcher::TimerInfo> EpollDispatcher::registeredTimers(QObject* object) const
{
    return m_timers->of(object);
}

int EpollDispatcher::remainingTime(int timerId) { return m_timers->remaining(timerId); }

void EpollDispatcher::wakeUp()
{
    // From this thread the flag alone is enough: it is looked at before the loop blocks.
    if (!m_wakeRequested.exchange(true, std::memory_order_acq_rel)
        && QThread::currentThread() != thread()) {
        const uint64_t one = 1;
        [[maybe_unused]] const ssize_t n = ::write(m_wakeDescriptor, &one, sizeof one);
    }
}

void EpollDispatcher::interrupt()
{
    m_interrupted.store(true, std::memory_order_relaxed);
    wakeUp();
}

void EpollDispatcher::watch(int descriptor, ReadyHandler* handler)
{
    Descriptors::Entry& entry = m_descriptors->at(descriptor);
    entry.handler = handler;
    ++entry.generation;
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.u64 = Descriptors::key(descriptor, entry.generation);
    ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &event);
    entry.registered = true;
}

void EpollDispatcher::unwatch(int descriptor)
{
    Descriptors::Entry& entry = m_descriptors->at(descriptor);
    if (!entry.handler)
        return;
    ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, descriptor, nullptr);
    entry.handler = nullptr;
    entry.registered = false;
    ++entry.generation;
}

void EpollDispatcher::again(int descriptor, Readiness hints)
{
    const Descriptors::Entry& entry = m_descriptors->at(descriptor);
    m_descriptors->again.push_back({descriptor, entry.generation, hints});
}

} // namespace sallyport::net
