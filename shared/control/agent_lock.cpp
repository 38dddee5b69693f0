#include <sallyport/control/agent_lock.h>
#include <sallyport/control/socket_paths.h>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

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
Result<std::unique_ptr<AgentLock>, AgentLock::Held> AgentLock::take(const std::string& agentId)
{
    if (!prepareControlFolder())
        return std::unique_ptr<AgentLock>(new AgentLock(-1));
    const std::string path = controlFolder() + "/" + agentId + ".lock";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    std::unique_ptr<AgentLock> lock(new AgentLock(file));
    if (file < 0)
        return lock;
    if (::flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return Failure(Held{pidIn(file)});
    writePid(file);
    return lock;
}

// The file stays: removing it could let two have a lock each.
AgentLock::~AgentLock()
{
    if (m_file >= 0)
        ::close(m_file);
}

} // namespace sallyport::control
