// Says when the network may have come (back): an address or a default route appeared. On Linux by
// netlink; elsewhere, or where that is not allowed, by what Qt knows of reachability.
//
// A hint only, and it may come several times for one change. Threads: that of its event loop.
#pragma once

#include <QObject>

#include <functional>
#include <memory>

class QSocketNotifier;

namespace sallyport::agent {

class NetworkWatch final : public QObject
{
public:
    explicit NetworkWatch(std::function<void()> came);
    ~NetworkWatch() override;

private:
    bool watchNetlink();
    void readNetlink();
    void watchReachability();

    std::function<void()> m_came;
    int m_netlink = -1;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace sallyport::agent
