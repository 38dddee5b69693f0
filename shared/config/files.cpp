#include <sallyport/config/files.h>

#include <QtGlobal>

#ifdef Q_OS_UNIX

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <memory>
#include <utility>

namespace sallyport::config {

namespace {

FileError fromErrno(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return FileError::Missing;
    case EACCES:
    case EPERM:
        return FileError::NotAllowed;
    case EROFS:
        return FileError::ReadOnly;
    case ENOSPC:
    case EDQUOT:
        return FileError::NoRoom;
    case EISDIR:
        return FileError::NotAFile;
    case EFBIG:
        return FileError::TooLarge;
    default:
        return FileError::Failed;
    }
}

class Descriptor
{
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    int get() const { return m_fd; }
    // The result matters for a file just written: a network file system may tell of a full disk
    // here.
    bool close() { return ::close(std::exchange(m_fd, -1)) == 0; }

private:
    int m_fd;
};

std::string folderOf(const std::string& path)
{
    const size_t slash = path.rfind('/');
    if (slash == std::string::npos)
        return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

// The file that a chain of symbolic links ends at, or the path itself when it is none.
std::string target(const std::string& path)
{
    const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), ::free);
    return real ? std::string(real.get()) : path;
}

bool writeAll(int fd, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t n = ::write(fd, text.data(), text.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        text.remove_prefix(static_cast<size_t>(n));
    }
    return true;
}

bool fill(Descriptor& file, std::string_view text, mode_t mode)
{
    return ::fchmod(file.get(), mode) == 0 && writeAll(file.get(), text) &&
           ::fsync(file.get()) == 0 && file.close();
}

} // namespace

Result<FileText, FileError> readFile(const std::string& path, size_t limit)
{
    // O_NONBLOCK: opening a FIFO would wait for a writer.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0)
        return Failure(fromErrno(errno));
    struct stat info
    {};
    if (::fstat(file.get(), &info) != 0)
        return Failure(fromErrno(errno));
    if (!S_ISREG(info.st_mode))
        return Failure(FileError::NotAFile);

    FileText result;
    result.mode = info.st_mode & 07777;
    result.mine = info.st_uid == ::geteuid();
    // Read until the end rather than st_size: files of /proc and the like say 0.
    char buffer[16 * 1024];
    for (;;) {
        const ssize_t n = ::read(file.get(), buffer, sizeof(buffer));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return Failure(fromErrno(errno));
        if (n == 0)
            return result;
        if (result.text.size() + static_cast<size_t>(n) > limit)
            return Failure(FileError::TooLarge);
        result.text.append(buffer, static_cast<size_t>(n));
    }
}

Result<void, FileError> writeFileAtomically(const std::string& path, std::string_view text,
                                            unsigned mode)
{
    const std::string file = target(path);
    struct stat before
    {};
    const bool existed = ::stat(file.c_str(), &before) == 0;
    if (existed && !S_ISREG(before.st_mode))
        return Failure(FileError::NotAFile);
    const mode_t wanted = existed ? (before.st_mode & mode) : mode;

    // mkstemp makes it 0600, so no other user can hold it open while the secret goes in.
    std::string temporary = file + ".XXXXXX";
    Descriptor out(::mkstemp(temporary.data()));
    if (out.get() < 0)
        return Failure(fromErrno(errno));
    // As root, a file of the service's user stays theirs.
    if (existed && ::fchown(out.get(), before.st_uid, before.st_gid) != 0 && ::geteuid() == 0) {
        ::unlink(temporary.c_str());
        return Failure(FileError::NotAllowed);
    }
    if (!fill(out, text, wanted | S_IRUSR | S_IWUSR) ||
        ::rename(temporary.c_str(), file.c_str()) != 0) {
        const FileError error = fromErrno(errno);
        ::unlink(temporary.c_str());
        return Failure(error);
    }
    // Without this a crash of the machine can bring the old file back. Not every file system can.
    const Descriptor folder(::open(folderOf(file).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() >= 0)
        (void)::fsync(folder.get());
    return {};
}

Result<void, FileError> makeFolder(const std::string& path, unsigned mode)
{
    struct stat info
    {};
    if (::stat(path.c_str(), &info) == 0) {
        if (S_ISDIR(info.st_mode))
            return {};
        return Failure(FileError::NotAFile);
    }
    const std::string above = folderOf(path);
    if (above != path)
        if (auto made = makeFolder(above, mode); !made)
            return made;
    if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST)
        return Failure(fromErrno(errno));
    return {};
}

#else // not Unix: no permission bits, the folder's access list decides

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

namespace sallyport::config {

Result<FileText, FileError> readFile(const std::string& path, size_t limit)
{
    QFile file(QString::fromStdString(path));
    if (!file.exists())
        return Failure(FileError::Missing);
    if (!QFileInfo(file).isFile())
        return Failure(FileError::NotAFile);
    if (!file.open(QIODevice::ReadOnly))
        return Failure(FileError::NotAllowed);
    const QByteArray bytes = file.read(static_cast<qint64>(limit) + 1);
    if (static_cast<size_t>(bytes.size()) > limit)
        return Failure(FileError::TooLarge);
    FileText result;
    result.text = bytes.toStdString();
    result.mine = true;
    return result;
}

Result<void, FileError> writeFileAtomically(const std::string& path, std::string_view text,
                                            unsigned)
{
    QSaveFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::WriteOnly))
        return Failure(FileError::NotAllowed);
    file.write(text.data(), static_cast<qint64>(text.size()));
    if (!file.commit())
        return Failure(FileError::Failed);
    return {};
}

Result<void, FileError> makeFolder(const std::string& path, unsigned)
{
    if (!QDir().mkpath(QString::fromStdString(path)))
        return Failure(FileError::NotAllowed);
    return {};
}

#endif

std::string toText(FileError error)
{
    switch (error) {
    case FileError::Missing:
        return "does not exist";
    case FileError::NotAllowed:
        return "may not be accessed: check the permissions of the file and of its folders";
    case FileError::TooLarge:
        return "is too large";
    case FileError::NotAFile:
        return "is not a file";
    case FileError::NoRoom:
        return "could not be written: the disk is full, or a quota is used up";
    case FileError::ReadOnly:
        return "could not be written: the file system is read-only";
    case FileError::Failed:
        break;
    }
    return "could not be read or written";
}

} // namespace sallyport::config
