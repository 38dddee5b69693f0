// The poller of every platform: one-shot QSocketNotifiers, armed again by drained().
#pragma once

#include <sallyport/net/poller.h>

#include <QObject>
#include <QSocketNotifier>

#include <memory>
#include <unordered_map>

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
        std::unique_ptr<QSocketNotifier> read;
        std::unique_ptr<QSocketNotifier> write;
    };
    void deliver(int descriptor, uint64_t generation, Readiness hints);
    void turnEndScheduled() override;

    std::unordered_map<int, Entry> m_entries;
    uint64_t m_generation = 0;
    bool m_turnEndPosted = false;
};

} // namespace sallyport::net
