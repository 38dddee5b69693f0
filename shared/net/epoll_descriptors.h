// What one epoll instance watches: for each descriptor a handler of ours (edge-triggered,
// registered once) or up to three of Qt's notifiers (level-triggered).
//
// Threads: one. Handlers and notifiers may come, go and run a nested loop inside their calls.
#pragma once

#include <sallyport/net/poller.h>

#include <QSocketNotifier>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sallyport::net {

class EpollDescriptors
{
public:
    // `wakeDescriptor` is watched too, and reported by Outcome::woken instead of a call.
    explicit EpollDescriptors(int wakeDescriptor);
    ~EpollDescriptors();
    EpollDescriptors(const EpollDescriptors&) = delete;
    EpollDescriptors& operator=(const EpollDescriptors&) = delete;

    void watch(int descriptor, ReadyHandler* handler);
    void unwatch(int descriptor);
    void again(int descriptor, Readiness hints);
    void add(QSocketNotifier* notifier);
    void remove(QSocketNotifier* notifier);

    // Somebody wants a turn although no descriptor may be ready: wait with a time-out of 0.
    bool wantsTurn() const { return !m_again.empty() || !m_alwaysReady.empty(); }

    struct Outcome
    {
        bool woken = false;
        bool delivered = false;
    };
    Outcome waitAndDispatch(int timeoutMs);

    uint64_t waits() const { return m_waits; }
    uint64_t reports() const { return m_reports; }

private:
    struct Entry
    {
        ReadyHandler* handler = nullptr;
        std::array<QSocketNotifier*, 3> notifiers{};
        // Tells what is reported of a closed descriptor from that of the one that reuses its
        // number.
        uint32_t generation = 0;
        bool registered = false;
        bool turnWanted = false;
        Readiness againHints = 0;
    };
    struct Name
    {
        int descriptor;
        uint32_t generation;
    };

    Entry& at(int descriptor);
    Entry* find(Name name);
    void registerNotifiers(int descriptor, Entry& entry);
    bool dispatchAgain();
    bool dispatchFiles();
    bool dispatch(Name name, uint32_t bits);
    bool dispatchHandler(Entry& entry, uint32_t bits);
    bool dispatchNotifiers(Name name, uint32_t bits);

    int m_epoll;
    int m_wakeDescriptor;
    std::vector<Entry> m_entries;
    std::vector<Name> m_again;
    // Regular files, which epoll refuses and poll() calls always ready.
    std::vector<int> m_alwaysReady;
    uint64_t m_waits = 0;
    uint64_t m_reports = 0;
};

} // namespace sallyport::net
