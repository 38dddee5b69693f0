#include "temporary_folder.h"

#include <QDir>
#include <QFileInfo>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

namespace sallyport::inspect {

namespace {

constexpr auto Prefix = "sallyport-traffic-";
constexpr auto LockName = "/lock";

// Age says nothing: only a holder that is no longer there.
std::unique_ptr<QLockFile> lockOf(const QString& folder)
{
    auto lock = std::make_unique<QLockFile>(folder + LockName);
    lock->setStaleLockTime(0);
    return lock;
}

bool isOurs(const QFileInfo& folder)
{
#ifdef Q_OS_UNIX
    return !folder.isSymLink() && folder.ownerId() == geteuid();
#else
    return !folder.isSymLink();
#endif
}

} // namespace

TemporaryFolder::TemporaryFolder() : m_folder(QDir::tempPath() + '/' + Prefix + "XXXXXX")
{
    if (!m_folder.isValid())
        return;
    m_lock = lockOf(m_folder.path());
    m_lock->tryLock();
}

void TemporaryFolder::removeAbandoned()
{
    const QDir place(QDir::tempPath());
    for (const QFileInfo& folder :
         place.entryInfoList({QLatin1String(Prefix) + '*'}, QDir::Dirs | QDir::NoDotAndDotDot)) {
        // Without a lock it is being made at this moment.
        if (!isOurs(folder) || !QFileInfo::exists(folder.filePath() + LockName))
            continue;
        if (const auto lock = lockOf(folder.filePath()); lock->tryLock()) {
            lock->unlock();
            QDir(folder.filePath()).removeRecursively();
        }
    }
}

} // namespace sallyport::inspect
