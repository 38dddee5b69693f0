#include "network_watch.h"

#include <QNetworkInformation>
#include <QSocketNotifier>

#include <utility>

#ifdef Q_OS_LINUX
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#endif

namespace sallyport::agent {

NetworkWatch::NetworkWatch(std::function<void()> came) : m_came(std::move(came))
{
    if (!watchNetlink())
        watchReachability();
}

#ifdef Q_OS_LINUX

NetworkWatch::~NetworkWatch()
{
    m_notifier.reset();
    if (m_netlink >= 0)
        ::close(m_netlink);
}

bool NetworkWatch::watchNetlink()
{
    m_netlink = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (m_netlink < 0)
        return false;
    sockaddr_nl groups{};
    groups.nl_family = AF_NETLINK;
    groups.nl_groups =
        RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
    if (::bind(m_netlink, reinterpret_cast<const sockaddr*>(&groups), sizeof groups) != 0)
        return false;
    m_notifier = std::make_unique<QSocketNotifier>(m_netlink, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &NetworkWatch::readNetlink);
    return true;
}

void NetworkWatch::readNetlink()
{
    alignas(nlmsghdr) std::array<char, 8192> buffer;
    bool came = false;
    for (;;) {
        const ssize_t n = ::recv(m_netlink, buffer.data(), buffer.size(), 0);
        if (n <= 0)
            break;
        auto left = static_cast<unsigned>(n);
        for (auto* header = reinterpret_cast<nlmsghdr*>(buffer.data()); NLMSG_OK(header, left);
             header = NLMSG_NEXT(header, left))
            came |= header->nlmsg_type == RTM_NEWADDR || header->nlmsg_type == RTM_NEWROUTE;
    }
    if (came)
        m_came();
}

#else

NetworkWatch::~NetworkWatch() = default;
bool NetworkWatch::watchNetlink()
{
    return false;
}
void NetworkWatch::readNetlink() {}

#endif

void NetworkWatch::watchReachability()
{
    if (!QNetworkInformation::loadBackendByFeatures(QNetworkInformation::Feature::Reachability))
        return;
    connect(QNetworkInformation::instance(), &QNetworkInformation::reachabilityChanged, this,
            [this](QNetworkInformation::Reachability reachability) {
                if (reachability >= QNetworkInformation::Reachability::Site)
                    m_came();
            });
}

} // namespace sallyport::agent
