// ServiceInstaller: who could change the program that is to be run as root.
#include <sallyport/desktop/service_installer.h>

#include <QFileInfo>

#include <sys/stat.h>

namespace sallyport::desktop {

namespace {

// Groups below it are the system's, as `staff` that may write to /usr/local.
constexpr unsigned firstPersonsGroup = 1000;

bool isRootsAlone(const std::string& path)
{
    struct stat info = {};
    return ::lstat(path.c_str(), &info) == 0 && info.st_uid == 0 && (info.st_mode & 002) == 0 &&
           ((info.st_mode & 020) == 0 || info.st_gid < firstPersonsGroup);
}

} // namespace

bool ServiceInstaller::isUnsafe(const std::string& program)
{
    std::string path = QFileInfo(QString::fromStdString(program)).canonicalFilePath().toStdString();
    if (path.empty())
        return true;
    for (; !path.empty(); path.erase(path.rfind('/')))
        if (!isRootsAlone(path))
            return true;
    return !isRootsAlone("/");
}

} // namespace sallyport::desktop
