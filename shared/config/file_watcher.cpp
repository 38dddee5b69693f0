#include <sallyport/config/file_watcher.h>

#include <QDateTime>
#include <QDir>
#include <QFileInfo>

#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif

#include <set>

namespace sallyport::config {

FileWatcher::FileWatcher(QObject* parent) : QObject(parent)
{
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(QuietMilliseconds);
    m_longest.setSingleShot(true);
    m_longest.setInterval(LongestWaitMilliseconds);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &FileWatcher::noticed);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &FileWatcher::noticed);
    connect(&m_quiet, &QTimer::timeout, this, &FileWatcher::settled);
    connect(&m_longest, &QTimer::timeout, this, &FileWatcher::settled);
}

void FileWatcher::watch(const std::vector<std::string>& files)
{
    m_files.clear();
    for (const std::string& file : files)
        m_files.append(QFileInfo(QString::fromStdString(file)).absoluteFilePath());
    renewPaths();
    m_known = state();
}

// What a reader would see of the file, cheaply. The inode tells a replacement of the same size
// within one tick of the file system's clock.
QString FileWatcher::stateOf(const QString& file) const
{
#ifdef Q_OS_UNIX
    struct stat info
    {};
    if (::stat(QFile::encodeName(file).constData(), &info) != 0)
        return QStringLiteral("-");
#ifdef Q_OS_MACOS
    const auto& time = info.st_mtimespec;
#else
    const auto& time = info.st_mtim;
#endif
    return QStringLiteral("%1:%2:%3:%4.%5:%6")
        .arg(quint64(info.st_dev))
        .arg(quint64(info.st_ino))
        .arg(qint64(info.st_size))
        .arg(qint64(time.tv_sec))
        .arg(qint64(time.tv_nsec))
        .arg(quint32(info.st_mode));
#else
    const QFileInfo info(file);
    if (!info.exists())
        return QStringLiteral("-");
    return QStringLiteral("%1:%2").arg(info.size()).arg(info.lastModified().toMSecsSinceEpoch());
#endif
}

QString FileWatcher::state() const
{
    QStringList states;
    for (const QString& file : m_files)
        states.append(stateOf(file));
    return states.join(QLatin1Char('|'));
}

// The file itself tells of writes in place; its folder of renames and links; and every folder on
// the way through symbolic links of theirs (Kubernetes: file -> ..data/file, ..data ->
// ..2026_01_31).
void FileWatcher::renewPaths()
{
    std::set<QString> wanted;
    for (const QString& file : m_files) {
        QString path = file;
        for (int hop = 0; hop < 8; ++hop) {
            const QFileInfo info(path);
            const QString folder = info.absolutePath();
            if (QFileInfo::exists(folder))
                wanted.insert(folder);
            const QFileInfo folderInfo(folder);
            if (folderInfo.isSymLink())
                wanted.insert(folderInfo.absolutePath());
            if (info.exists())
                wanted.insert(path);
            if (!info.isSymLink())
                break;
            path = info.symLinkTarget();
        }
        if (const QString real = QFileInfo(file).canonicalFilePath(); !real.isEmpty())
            wanted.insert(real);
    }
    // A watch dies with the inode it was for, while the path stays in Qt's list: add all anew.
    const QStringList old = m_watcher.files() + m_watcher.directories();
    if (!old.isEmpty())
        m_watcher.removePaths(old);
    if (!wanted.empty())
        m_watcher.addPaths(QStringList(wanted.begin(), wanted.end()));
}

void FileWatcher::noticed()
{
    m_quiet.start();
    if (!m_longest.isActive())
        m_longest.start();
}

void FileWatcher::settled()
{
    m_quiet.stop();
    m_longest.stop();
    // First the watches, then the look: a change in between is noticed, at worst twice.
    renewPaths();
    const QString now = state();
    if (now == m_known)
        return;
    m_known = now;
    emit changed();
}

} // namespace sallyport::config
