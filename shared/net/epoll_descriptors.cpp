#include "epoll_descriptors.h"

#include <QCoreApplication>
#include <QEvent>

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace sallyport::net {

namespace {

// What Qt's own dispatchers call readable, writable and exceptional.
constexpr uint32_t NotifierBits[] = {EPOLLIN | EPOLLHUP | EPOLLERR, EPOLLOUT | EPOLLHUP | EPOLLERR,
                                     EPOLLPRI | EPOLLHUP | EPOLLERR};

uint64_t pack(int descriptor, uint32_t generation)
{
    return (uint64_t(generation) << 32) | uint32_t(descriptor);
}

// Registers or changes, whichever the kernel's table asks for: somebody may have closed a
// descriptor without disabling its notifier, which the kernel sees and we do not.
bool enter(int epoll, int descriptor, uint32_t bits, uint64_t name)
{
    epoll_event event{};
    event.events = bits;
    event.data.u64 = name;
    if (::epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event) == 0)
        return true;
    return errno == ENOENT && ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

} // namespace

EpollDescriptors::EpollDescriptors(int wakeDescriptor)
    : m_epoll(::epoll_create1(EPOLL_CLOEXEC)), m_wakeDescriptor(wakeDescriptor)
{
    if (m_epoll < 0 || !enter(m_epoll, wakeDescriptor, EPOLLIN, pack(wakeDescriptor, 0)))
        qFatal("epoll: cannot make an event loop: %s", std::strerror(errno));
}

EpollDescriptors::~EpollDescriptors()
{
    ::close(m_epoll);
}

EpollDescriptors::Entry& EpollDescriptors::at(int descriptor)
{
    if (size_t(descriptor) >= m_entries.size())
        m_entries.resize(size_t(descriptor) + 64);
    return m_entries[size_t(descriptor)];
}

EpollDescriptors::Entry* EpollDescriptors::find(Name name)
{
    if (size_t(name.descriptor) >= m_entries.size())
        return nullptr;
    Entry& entry = m_entries[size_t(name.descriptor)];
    return entry.generation == name.generation ? &entry : nullptr;
}

// --- handlers ---

void EpollDescriptors::watch(int descriptor, ReadyHandler* handler)
{
    Entry& entry = at(descriptor);
    entry.handler = handler;
    entry.turnWanted = false;
    ++entry.generation;
    entry.registered =
        enter(m_epoll, descriptor, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI | EPOLLET,
              pack(descriptor, entry.generation));
    if (!entry.registered)
        qWarning("epoll: cannot watch descriptor %d: %s", descriptor, std::strerror(errno));
}

void EpollDescriptors::unwatch(int descriptor)
{
    Entry& entry = at(descriptor);
    if (!entry.handler)
        return;
    if (entry.registered)
        ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, descriptor, nullptr);
    entry.handler = nullptr;
    entry.registered = false;
    ++entry.generation;
}

void EpollDescriptors::again(int descriptor, Readiness hints)
{
    Entry& entry = at(descriptor);
    if (!entry.handler)
        return;
    entry.againHints = entry.turnWanted ? Readiness(entry.againHints | hints) : hints;
    if (!entry.turnWanted)
        m_again.push_back({descriptor, entry.generation});
    entry.turnWanted = true;
}

// --- notifiers ---

void EpollDescriptors::add(QSocketNotifier* notifier)
{
    const int descriptor = int(notifier->socket());
    Entry& entry = at(descriptor);
    entry.notifiers[size_t(notifier->type())] = notifier;
    registerNotifiers(descriptor, entry);
}

void EpollDescriptors::remove(QSocketNotifier* notifier)
{
    const int descriptor = int(notifier->socket());
    Entry& entry = at(descriptor);
    if (entry.notifiers[size_t(notifier->type())] != notifier)
        return;
    entry.notifiers[size_t(notifier->type())] = nullptr;
    registerNotifiers(descriptor, entry);
}

void EpollDescriptors::registerNotifiers(int descriptor, Entry& entry)
{
    std::erase(m_alwaysReady, descriptor);
    const uint32_t bits = (entry.notifiers[QSocketNotifier::Read] ? EPOLLIN : 0u) |
                          (entry.notifiers[QSocketNotifier::Write] ? EPOLLOUT : 0u) |
                          (entry.notifiers[QSocketNotifier::Exception] ? EPOLLPRI : 0u);
    if (bits == 0) {
        if (entry.registered)
            ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, descriptor, nullptr);
        entry.registered = false;
        ++entry.generation;
        return;
    }
    entry.registered = enter(m_epoll, descriptor, bits, pack(descriptor, entry.generation));
    if (entry.registered)
        return;
    if (errno == EPERM)
        m_alwaysReady.push_back(descriptor);
    else
        qWarning("epoll: cannot watch descriptor %d: %s", descriptor, std::strerror(errno));
}

// --- the turn ---

EpollDescriptors::Outcome EpollDescriptors::waitAndDispatch(int timeoutMs)
{
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(m_epoll, events.data(), int(events.size()), timeoutMs);
    ++m_waits;
    Outcome outcome;
    outcome.delivered = dispatchAgain();
    outcome.delivered |= dispatchFiles();
    for (int i = 0; i < count; ++i) {
        ++m_reports;
        const uint64_t packed = events[size_t(i)].data.u64;
        const Name name{int(uint32_t(packed)), uint32_t(packed >> 32)};
        if (name.descriptor == m_wakeDescriptor)
            outcome.woken = true;
        else
            outcome.delivered |= dispatch(name, events[size_t(i)].events);
    }
    return outcome;
}

// Those who asked for another turn come first; what they ask for now is for the next one.
bool EpollDescriptors::dispatchAgain()
{
    bool delivered = false;
    std::vector<Name> asked;
    asked.swap(m_again);
    for (const Name& name : asked) {
        Entry* entry = find(name);
        if (!entry || !entry->turnWanted)
            continue;
        entry->turnWanted = false;
        entry->handler->onReady(entry->againHints);
        delivered = true;
    }
    if (m_again.empty() && asked.capacity() > 0) {
        asked.clear();
        m_again.swap(asked); // keep the memory
    }
    return delivered;
}

bool EpollDescriptors::dispatchFiles()
{
    bool delivered = false;
    const std::vector<int> files = m_alwaysReady;
    for (int descriptor : files)
        delivered |= dispatch({descriptor, at(descriptor).generation}, EPOLLIN | EPOLLOUT);
    return delivered;
}

bool EpollDescriptors::dispatch(Name name, uint32_t bits)
{
    Entry* entry = find(name);
    if (!entry)
        return false;
    return entry->handler ? dispatchHandler(*entry, bits) : dispatchNotifiers(name, bits);
}

bool EpollDescriptors::dispatchHandler(Entry& entry, uint32_t bits)
{
    Readiness hints = 0;
    if (bits & (EPOLLIN | EPOLLPRI | EPOLLERR | EPOLLHUP | EPOLLRDHUP))
        hints |= Readable;
    if (bits & (EPOLLOUT | EPOLLERR | EPOLLHUP))
        hints |= Writable;
    // Urgent data too: a read ends in front of it, however much lies behind.
    if (bits & (EPOLLERR | EPOLLHUP | EPOLLRDHUP | EPOLLPRI))
        hints |= HangUp;
    if (entry.turnWanted) {
        // It had its call in this turn and asked for the next: a busy one gets no second share.
        entry.againHints |= hints;
        return false;
    }
    entry.handler->onReady(hints);
    return true;
}

bool EpollDescriptors::dispatchNotifiers(Name name, uint32_t bits)
{
    bool delivered = false;
    for (size_t type = 0; type < std::size(NotifierBits); ++type) {
        // A notifier's slot may have removed the others, or moved the table.
        const Entry* entry = find(name);
        if (!entry || !entry->notifiers[type] || !(bits & NotifierBits[type]))
            continue;
        QEvent event(QEvent::SockAct);
        QCoreApplication::sendEvent(entry->notifiers[type], &event);
        delivered = true;
    }
    return delivered;
}

} // namespace sallyport::net
