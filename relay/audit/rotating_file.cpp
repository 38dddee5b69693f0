#include "audit/rotating_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace sallyport::relay {

namespace {

class RotatingFileSink : public observe::Sink
{
public:
    explicit RotatingFileSink(RotatingFile file) : m_file(std::move(file)) {}
    ~RotatingFileSink() override { close(); }
    RotatingFileSink(const RotatingFileSink&) = delete;
    RotatingFileSink& operator=(const RotatingFileSink&) = delete;

    // A sentence when it cannot be opened.
    std::string open();
    void write(std::string_view lines) override;
    void flush() override
    {
        if (m_descriptor >= 0)
            ::fsync(m_descriptor);
    }

private:
    void giveToFolderOwner(const struct stat& info);
    bool isCurrent();
    bool ready();
    bool append(std::string_view text);
    bool rotate();
    void close();
    void fail(std::string_view lost, int error);

    RotatingFile m_file;
    int m_descriptor = -1;
    uint64_t m_size = 0;
    bool m_broken = false; // a line was cut by a failed write: the next begins on a line of its own
    bool m_failing = false;
    uint64_t m_lost = 0;
};

std::string RotatingFileSink::open()
{
    close();
    // Not through a link that somebody put there: what is written is for the owner alone.
    m_descriptor = ::open(m_file.path.c_str(),
                          O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
    struct stat info
    {};
    if (m_descriptor < 0 || ::fstat(m_descriptor, &info) != 0)
        return m_file.path + " cannot be opened: " + std::strerror(errno);
    if (!S_ISREG(info.st_mode)) {
        close();
        return m_file.path + " is not a regular file";
    }
    if ((info.st_mode & 077) != 0)
        ::fchmod(m_descriptor, 0600);
    giveToFolderOwner(info);
    m_size = uint64_t(info.st_size);
    return {};
}

// A command that root runs must not leave the relay a file that it may not open.
void RotatingFileSink::giveToFolderOwner(const struct stat& info)
{
    if (::geteuid() != 0 || info.st_uid != 0)
        return;
    const size_t slash = m_file.path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : m_file.path.substr(0, slash + 1);
    struct stat of
    {};
    if (::stat(folder.c_str(), &of) == 0 && of.st_uid != 0 &&
        ::fchown(m_descriptor, of.st_uid, of.st_gid) != 0)
        return; // it stays root's: the relay will say so
}

void RotatingFileSink::close()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
    m_descriptor = -1;
}

// Whether the path still names the file that is open; takes its size, for others append as well.
bool RotatingFileSink::isCurrent()
{
    struct stat named
    {};
    struct stat opened
    {};
    if (m_descriptor < 0 || ::stat(m_file.path.c_str(), &named) != 0 ||
        ::fstat(m_descriptor, &opened) != 0)
        return false;
    m_size = uint64_t(opened.st_size);
    return named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

bool RotatingFileSink::ready()
{
    return isCurrent() || open().empty();
}

void RotatingFileSink::write(std::string_view lines)
{
    while (!lines.empty()) {
        if (!ready())
            return fail(lines, errno);
        if (m_lost > 0 && m_file.lostLine && append(m_file.lostLine(m_lost)))
            m_lost = 0;
        const uint64_t room = m_file.limit - std::min(m_file.limit, m_size);
        size_t n = lines.size();
        if (n > room) {
            const size_t end = lines.substr(0, size_t(room)).rfind('\n');
            if (end != std::string_view::npos) {
                n = end + 1;
            } else if (m_size > 0) {
                if (!rotate())
                    return fail(lines, errno);
                continue;
            } else {
                n = std::min(lines.size(), lines.find('\n') + 1); // one line longer than the limit
            }
        }
        if (!append(lines.substr(0, n)))
            return fail(lines, errno);
        lines.remove_prefix(n);
    }
    if (std::exchange(m_failing, false) && m_file.onTrouble)
        m_file.onTrouble({});
}

bool RotatingFileSink::append(std::string_view text)
{
    if (std::exchange(m_broken, false) && ::write(m_descriptor, "\n", 1) != 1)
        m_broken = true;
    ssize_t n = -1;
    do {
        n = ::write(m_descriptor, text.data(), text.size());
    } while (n < 0 && errno == EINTR);
    if (n == ssize_t(text.size()))
        return true;
    if (n > 0) {
        m_broken = true;
        errno = ENOSPC;
    }
    return false;
}

// Others may be about to do the same: who finds the file replaced goes on with the new one.
bool RotatingFileSink::rotate()
{
    const int locked = m_descriptor;
    if (::flock(locked, LOCK_EX) != 0)
        return false;
    if (isCurrent()) {
        const auto numbered = [&](unsigned n) { return m_file.path + "." + std::to_string(n); };
        for (unsigned n = m_file.keep; n > 1; --n)
            ::rename(numbered(n - 1).c_str(), numbered(n).c_str());
        const int done = m_file.keep > 0 ? ::rename(m_file.path.c_str(), numbered(1).c_str())
                                         : ::unlink(m_file.path.c_str());
        if (done != 0) {
            ::flock(locked, LOCK_UN);
            return false;
        }
    }
    return open().empty(); // closes the old one, and with it gives up the lock
}

void RotatingFileSink::fail(std::string_view lost, int error)
{
    m_lost += uint64_t(std::count(lost.begin(), lost.end(), '\n'));
    if (!std::exchange(m_failing, true) && m_file.onTrouble)
        m_file.onTrouble(m_file.path + " cannot be written: " + std::strerror(error));
}

} // namespace

Result<std::shared_ptr<observe::Sink>, std::string> openRotatingFile(RotatingFile file)
{
    auto sink = std::make_shared<RotatingFileSink>(std::move(file));
    if (std::string trouble = sink->open(); !trouble.empty())
        return Failure(std::move(trouble));
    return std::shared_ptr<observe::Sink>(std::move(sink));
}

} // namespace sallyport::relay
