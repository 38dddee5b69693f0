#include <sallyport/observe/sinks.h>

#ifdef _WIN32
#include <cstdio>
#else
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#endif

namespace sallyport::observe {

namespace {

class StandardErrorSink : public Sink
{
public:
    void write(std::string_view line) override
    {
#ifdef _WIN32
        std::fwrite(line.data(), 1, line.size(), stderr);
#else
        // Past stdio: one call for each line, so that the lines of several processes do not mix.
        while (!line.empty()) {
            const ssize_t n = ::write(STDERR_FILENO, line.data(), line.size());
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                return; // nobody left to tell
            line.remove_prefix(static_cast<size_t>(n));
        }
#endif
    }
};

} // namespace

std::shared_ptr<Sink> standardErrorSink()
{
    return std::make_shared<StandardErrorSink>();
}

bool standardErrorIsJournal()
{
#ifdef _WIN32
    return false;
#else
    // systemd.exec(5): "device:inode" of the stream; a child whose stderr was redirected inherits
    // the variable but not the stream.
    const char* stream = std::getenv("JOURNAL_STREAM");
    unsigned long long device = 0;
    unsigned long long inode = 0;
    struct stat info
    {};
    return stream && std::sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
           ::fstat(STDERR_FILENO, &info) == 0 && info.st_dev == device && info.st_ino == inode;
#endif
}

} // namespace sallyport::observe
