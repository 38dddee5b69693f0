// Linux: sock_diag where the kernel answers it, /proc/net/tcp{,6} otherwise; owners from /proc.
#include "discovery/desktop_entries.h"
#include "discovery/linux/proc_net_tcp.h"
#include "discovery/linux/process_table.h"
#include "discovery/linux/sock_diag_query.h"

#include <sallyport/config/files.h>
#include <sallyport/desktop/listener_source.h>

#include <optional>
#include <set>
#include <utility>

namespace sallyport::desktop {

namespace {

using Clock = std::chrono::steady_clock;

class LinuxListenerSource : public ListenerSource
{
public:
    explicit LinuxListenerSource(ScanLimits limits) : m_limits(limits) {}

    ScanResult scan() override
    {
        if (!m_icons) // once, and not within the time of a look
            m_icons = DesktopEntries::read(DesktopEntries::systemFolders());
        const Clock::time_point deadline = Clock::now() + m_limits.time;
        auto table = querySockDiag(m_limits.sockets, deadline);
        if (!table)
            table = readTables();
        if (!table)
            return Failure(std::string("The system does not say which services listen: neither "
                                       "sock_diag nor /proc/net/tcp can be read."));
        return withOwners(*table, deadline);
    }

private:
    std::optional<SocketTable> readTables() const
    {
        constexpr size_t limit = 8 * config::MaxFileSize; // connections are listed here too
        SocketTable table;
        const auto four = config::readFile("/proc/net/tcp", limit);
        const auto six = config::readFile("/proc/net/tcp6", limit);
        if (!four && !six)
            return {};
        if (four)
            readProcNetTcp(four->text, m_limits.sockets, table);
        if (six)
            readProcNetTcp(six->text, m_limits.sockets, table);
        return table;
    }

    Scan withOwners(const SocketTable& table, Clock::time_point deadline) const
    {
        std::set<uint64_t> inodes;
        for (const ListeningSocket& socket : table.sockets)
            inodes.insert(socket.inode);
        const SocketOwners owners = findOwners("/proc", std::move(inodes), deadline);

        std::vector<OwnedSocket> sockets;
        for (const ListeningSocket& socket : table.sockets) {
            const auto owner = owners.byInode.find(socket.inode);
            sockets.push_back(
                {socket, owner == owners.byInode.end() ? SocketOwner() : owner->second});
        }
        Scan scan{mergeListeners(sockets), table.cutShort || owners.cutShort};
        for (Listener& listener : scan.listeners)
            listener.icon = m_icons->iconOf(listener.process);
        return scan;
    }

    ScanLimits m_limits;
    std::optional<DesktopEntries> m_icons;
};

} // namespace

std::unique_ptr<ListenerSource> makeListenerSource(ScanLimits limits)
{
    return std::make_unique<LinuxListenerSource>(limits);
}

} // namespace sallyport::desktop
