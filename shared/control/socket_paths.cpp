#include <sallyport/control/socket_paths.h>

#include <QCoreApplication>
#include <QDir>
#include <QString>

#include <sys/stat.h>
#include <unistd.h>

namespace sallyport::control {

std::string controlFolder()
{
    const QByteArray runtime = qgetenv("XDG_RUNTIME_DIR");
    if (runtime.startsWith('/'))
        return runtime.toStdString() + "/sallyport";
    return "/tmp/sallyport-" + std::to_string(::geteuid());
}

bool prepareControlFolder()
{
    const std::string folder = controlFolder();
    ::mkdir(folder.c_str(), 0700);
    struct stat info = {};
    // Anybody may have made a folder of that name in /tmp before us.
    return ::lstat(folder.c_str(), &info) == 0 && S_ISDIR(info.st_mode) &&
           info.st_uid == ::geteuid() && (info.st_mode & 077) == 0;
}

std::string ownControlSocket()
{
    return controlFolder() + "/agent-" + std::to_string(QCoreApplication::applicationPid()) +
           ".sock";
}

std::vector<std::string> controlSockets()
{
    std::vector<std::string> sockets;
    const QDir folder(QString::fromStdString(controlFolder()));
    for (const QString& name : folder.entryList({"agent-*.sock"}, QDir::System, QDir::Name))
        sockets.push_back(folder.filePath(name).toStdString());
    return sockets;
}

} // namespace sallyport::control
