#include <sallyport/control/socket_paths.h>

#include <QCoreApplication>
#include <QDir>
#include <QString>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace sallyport::control {

namespace {

bool isOursAlone(const std::string& folder)
{
    struct stat info = {};
    return ::lstat(folder.c_str(), &info) == 0 && S_ISDIR(info.st_mode) &&
           info.st_uid == ::geteuid() && (info.st_mode & 077) == 0;
}

std::string folderWithoutLogin()
{
    return "/tmp/sallyport-" + std::to_string(::geteuid());
}

std::string parent(const std::string& path)
{
    return path.substr(0, path.rfind('/'));
}

// Those that the system makes for this user below `run`.
std::vector<std::string> systemFolders(const std::string& run)
{
    return {run + "/user/" + std::to_string(::geteuid()) + "/sallyport",
            serviceRuntimeFolder(::geteuid(), run) + "/sallyport"};
}

} // namespace

std::string controlFolder()
{
    const QByteArray runtime = qgetenv("XDG_RUNTIME_DIR");
    if (runtime.startsWith('/'))
        return runtime.toStdString() + "/sallyport";
    return folderWithoutLogin();
}

bool prepareControlFolder()
{
    const std::string folder = controlFolder();
    ::mkdir(folder.c_str(), 0700);
    return isOursAlone(folder);
}

std::string ownControlSocket()
{
    return controlFolder() + "/agent-" + std::to_string(QCoreApplication::applicationPid()) +
           ".sock";
}

std::string serviceRuntimeFolder(unsigned user, const std::string& run)
{
    return run + "/sallyport-" + std::to_string(user);
}

std::vector<std::string> controlFolders(const std::string& run)
{
    const std::string own = controlFolder();
    std::vector<std::string> folders;
    if (isOursAlone(own))
        folders.push_back(own);
    const std::vector<std::string> known = systemFolders(run);
    const bool isSystems = std::find(known.begin(), known.end(), own) != known.end();
    if (!isSystems && own != folderWithoutLogin())
        return folders;
    for (const std::string& folder : known)
        if (folder != own && isOursAlone(parent(folder)) && isOursAlone(folder))
            folders.push_back(folder);
    if (own != folderWithoutLogin() && isOursAlone(folderWithoutLogin()))
        folders.push_back(folderWithoutLogin());
    return folders;
}

std::vector<std::string> controlSockets()
{
    std::vector<std::string> sockets;
    for (const std::string& name : controlFolders()) {
        const QDir folder(QString::fromStdString(name));
        for (const QString& entry : folder.entryList({"agent-*.sock"}, QDir::System, QDir::Name))
            sockets.push_back(folder.filePath(entry).toStdString());
    }
    return sockets;
}

} // namespace sallyport::control
