// The poller of every platform: one-shot QSocketNotifiers, armed again by drained().
#pragma once

#include <sallyport/net/poller.h>

#include <QBasicTimer>
#include <QObject>
#include <QSocketNotifier>

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace sallyport::net {

class NotifierPoller final : public QObject, public Poller
{
public:
    NotifierPoller() = default;

    void watch(int descriptor, ReadyHandler* handler) override;
    void unwatch(int descriptor) override;
    void drained(int descriptor, Readiness directions) override;
    void again(int descriptor, Readiness hints) override;

private:
    struct Entry
    {
        ReadyHandler* handler = nullptr;
        uint64_t generation = 0;
        Readiness againHints = 0;
        bool turnWanted = false;
        std::unique_ptr<QSocketNotifier> read;
        std::unique_ptr<QSocketNotifier> write;
    };
    struct Name
    {
        int descriptor;
        uint64_t generation;
    };
    void deliver(int descriptor, uint64_t generation, Readiness hints);
    // One turn for those who asked for one. A timer of no length rather than a posted event: Qt
    // sends events that are posted meanwhile before it looks at the descriptors again.
    void timerEvent(QTimerEvent* event) override;
    void turnEndScheduled() override;

    std::unordered_map<int, Entry> m_entries;
    std::vector<Name> m_again;
    QBasicTimer m_turn;
    uint64_t m_generation = 0;
    bool m_turnEndPosted = false;
};

} // namespace sallyport::net
