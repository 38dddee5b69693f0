#include "discovery/linux/process_table.h"

#include "discovery/known_programs.h"

#include <sallyport/config/files.h>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <memory>

namespace sallyport::desktop {

namespace {

struct CloseFolder
{
    void operator()(DIR* folder) const { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

std::string textOf(const std::string& path)
{
    // Only the beginning of a command line matters; a longer one is read in part.
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return {};
    std::array<char, 4096> buffer;
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    ::close(fd);
    return {buffer.data(), n > 0 ? static_cast<size_t>(n) : 0};
}

int64_t pidOf(std::string_view name)
{
    int64_t pid = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    return error == std::errc() && end == name.data() + name.size() ? pid : 0;
}

class Search
{
public:
    Search(std::set<uint64_t> wanted, std::chrono::steady_clock::time_point deadline)
        : m_wanted(std::move(wanted)), m_deadline(deadline)
    {}

    // False when the time is over.
    bool lookAt(const std::string& processFolder, int64_t pid)
    {
        const std::string path = processFolder + "/fd";
        const Folder folder(::opendir(path.c_str()));
        if (!folder)
            return true;
        while (const dirent* entry = ::readdir(folder.get())) {
            std::array<char, 64> link;
            const ssize_t n =
                ::readlinkat(::dirfd(folder.get()), entry->d_name, link.data(), link.size());
            if (n > 0)
                found(socketInode({link.data(), static_cast<size_t>(n)}), processFolder, pid);
            if (m_wanted.empty())
                return true;
            // A process may hold a million descriptors.
            if (++m_steps % 256 == 0 && isLate())
                return false;
        }
        return !isLate();
    }

    bool isComplete() const { return m_wanted.empty(); }
    SocketOwners owners;

private:
    bool isLate() const { return std::chrono::steady_clock::now() > m_deadline; }

    void found(uint64_t inode, const std::string& processFolder, int64_t pid)
    {
        if (inode == 0 || m_wanted.erase(inode) == 0)
            return;
        const std::string commandLine = textOf(processFolder + "/cmdline");
        owners.byInode[inode] = {pid, processName(commandLine, textOf(processFolder + "/comm")),
                                 knownProgram(commandLine)};
    }

    std::set<uint64_t> m_wanted;
    std::chrono::steady_clock::time_point m_deadline;
    size_t m_steps = 0;
};

} // namespace

uint64_t socketInode(std::string_view link)
{
    constexpr std::string_view before = "socket:[";
    if (!link.starts_with(before) || !link.ends_with(']'))
        return 0;
    link.remove_prefix(before.size());
    link.remove_suffix(1);
    uint64_t inode = 0;
    const auto [end, error] = std::from_chars(link.data(), link.data() + link.size(), inode);
    return error == std::errc() && end == link.data() + link.size() ? inode : 0;
}

SocketOwners findOwners(const std::string& folder, std::set<uint64_t> inodes,
                        std::chrono::steady_clock::time_point deadline)
{
    Search search(std::move(inodes), deadline);
    const Folder processes(::opendir(folder.c_str()));
    while (processes && !search.isComplete()) {
        const dirent* entry = ::readdir(processes.get());
        if (!entry)
            break;
        const int64_t pid = pidOf(entry->d_name);
        if (pid > 0 && !search.lookAt(folder + "/" + entry->d_name, pid)) {
            search.owners.cutShort = true;
            break;
        }
    }
    return search.owners;
}

} // namespace sallyport::desktop
