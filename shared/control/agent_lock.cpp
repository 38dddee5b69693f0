#include <sallyport/control/agent_lock.h>
#include <sallyport/control/socket_paths.h>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

namespace sallyport::control {

namespace {

long pidIn(int file)
{
    std::array<char, 24> text{};
    const ssize_t n = ::pread(file, text.data(), text.size() - 1, 0);
    return n > 0 ? std::strtol(text.data(), nullptr, 10) : 0;
}

void writePid(int file)
{
    const std::string pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(file, 0) == 0)
        (void)!::pwrite(file, pid.data(), pid.size(), 0);
}

} // namespace

// flock rather than a file with a number alone: the system gives it up when the process is gone,
// also when nobody has asked for its exit code yet.
Result<std::unique_ptr<AgentLock>, AgentLock::Held> AgentLock::take(const std::string& agentId,
                                                                    const std::string& run)
{
    std::unique_ptr<AgentLock> lock(new AgentLock);
    if (!prepareControlFolder())
        return lock;
    // All take them in the same order, so that of two at the same moment one gets them all.
    std::vector<std::string> folders = controlFolders(run);
    std::sort(folders.begin(), folders.end());
    for (const std::string& folder : folders) {
        const std::string path = folder + "/" + agentId + ".lock";
        const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (file < 0)
            continue;
        lock->m_files.push_back(file);
        if (::flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
            return Failure(Held{pidIn(file)});
    }
    for (const int file : lock->m_files)
        writePid(file);
    return lock;
}

// The files stay: removing one could let two have a lock each.
AgentLock::~AgentLock()
{
    for (const int file : m_files)
        ::close(file);
}

} // namespace sallyport::control
