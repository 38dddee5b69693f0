// Where the history lives: finding a place, and waiting for one.
#include "history.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QStorageInfo>

#include <array>
#include <utility>

namespace sallyport::inspect {

namespace {

constexpr qint64 NearlyFull = 4 * 1024 * 1024;
constexpr std::array DatabaseFiles = {"history.db", "history.db-wal", "history.db-shm"};

StorageProblem problemWith(const std::string& folder, const std::string& why)
{
    // Of one that is not there yet, the nearest above it.
    QString place = QString::fromStdString(folder);
    while (!QFileInfo::exists(place) && place.contains('/'))
        place.truncate(place.lastIndexOf('/'));
    const QStorageInfo disk(place);
    const bool full = disk.isValid() && !disk.isReadOnly() && disk.bytesAvailable() < NearlyFull;
    return {full ? StorageProblem::Kind::Full : StorageProblem::Kind::NotWritable, folder, why};
}

} // namespace

void History::open()
{
    m_sinceReport.start();
    TemporaryFolder::removeAbandoned();
    Opened opened = openPlace();
    if (opened == Opened::InUse)
        opened = openTemporary() ? Opened::Fine : Opened::Unusable;
    if (opened == Opened::Unusable) {
        if (!m_database)
            m_database = std::make_unique<Database>();
        const std::string why = m_database->lastError();
        (void)m_database->openToRead(m_folder + "/history.db");
        waitForRoom(why);
    }
    m_ids.open(m_folder + "/next-id", m_database->newestId() + 1);
    takeStock();
}

History::Opened History::openPlace()
{
    if (m_settings.keepHistory && !m_settings.folder.empty())
        return openFolder();
    return openTemporary() ? Opened::Fine : Opened::Unusable;
}

History::Opened History::openFolder()
{
    m_folder = m_settings.folder;
    const QString path = QString::fromStdString(m_folder);
    const bool writable = m_files.open(m_folder);
    if (!m_files.open(m_folder + "/bodies") || !writable) // read from there in any case
        return Opened::Unusable;
    m_lock = std::make_unique<QLockFile>(path + "/lock");
    m_lock->setStaleLockTime(0);
    if (!m_lock->tryLock()) {
        const bool held = m_lock->error() == QLockFile::LockFailedError;
        m_lock.reset();
        if (!held)
            return Opened::Unusable;
        m_log.warning("another program uses the history; traffic is kept for this session alone",
                      {{"folder", m_folder}});
        return Opened::InUse;
    }
    return openDatabase() ? Opened::Fine : Opened::Unusable;
}

bool History::openTemporary()
{
    m_lock.reset();
    m_temporary = std::make_unique<TemporaryFolder>();
    m_folder = m_temporary->path();
    return m_temporary->isValid() && m_files.open(m_folder + "/bodies") && openDatabase();
}

// The object stays when that fails: it holds what is to be written.
bool History::openDatabase()
{
    if (!m_database)
        m_database = std::make_unique<Database>();
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto opened = m_database->open(m_folder + "/history.db");
        if (opened)
            return true;
        const auto& [error, why] = opened.error();
        if (error == Database::OpenError::Unwritable)
            return false;
        m_log.warning("the history can't be used and is moved aside; a new one begins",
                      {{"folder", m_folder}, {"why", why}});
        setAside();
    }
    return false;
}

void History::setAside()
{
    const QDir folder(QString::fromStdString(m_folder));
    const QString name =
        "history-" + QDateTime::currentDateTimeUtc().toString("yyyyMMdd-hhmmss-zzz") + "-damaged";
    if (!folder.mkdir(name))
        return;
    QFile::setPermissions(folder.filePath(name),
                          QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    const auto move = [&](const char* one) {
        QFile::rename(folder.filePath(QLatin1String(one)),
                      folder.filePath(name + '/' + QLatin1String(one)));
    };
    for (const char* one : DatabaseFiles)
        move(one);
    move("bodies");
    m_files.open(m_folder + "/bodies");
}

// Where even removing its rows needs room that is not there.
bool History::removeDatabase()
{
    if (!m_lock && !m_temporary)
        return false; // it was only read
    m_database->close();
    for (const char* one : DatabaseFiles)
        QFile::remove(QString::fromStdString(m_folder + "/") + QLatin1String(one));
    if (!openDatabase())
        waitForRoom(m_database->lastError());
    return true;
}

void History::takeStock()
{
    m_rows = m_database->count();
    m_bodyBytes = m_database->bodyBytes();
    for (const auto& [key, live] : m_live)
        m_bodyBytes +=
            live.exchange.captured().request.kept + live.exchange.captured().response.kept;
    if (isWaiting())
        return;
    m_files.removeUnless(
        [this](RecordId id) { return findLive(id) != nullptr || m_database->has(id); });
    evict();
}

void History::waitForRoom(const std::string& why)
{
    if (!m_retryTimer.isActive())
        m_retryTimer.start();
    if (isWaiting())
        return;
    m_problem = problemWith(m_folder, why);
    m_log.error("the history can't be written: traffic is kept in memory, the oldest of it is "
                "lost, until there is room and permission to write",
                {{"folder", m_folder}, {"why", why}});
    emit storageChanged(m_problem);
}

// Rows may find room where bodies do not.
void History::tryAgain()
{
    if (!m_database->isWritable()) {
        if (openPlace() != Opened::Fine) {
            (void)m_database->openToRead(m_folder + "/history.db");
            return m_retryTimer.start();
        }
        m_ids.open(m_folder + "/next-id", std::max(m_database->newestId() + 1, m_ids.next()));
    }
    m_database->begin();
    if (!m_database->commit() || !m_files.hasRoom())
        return m_retryTimer.start();
    m_problem = {};
    m_log.info("the history is written again", {{"folder", m_folder}, {"lost", m_lost}});
    m_lost = 0;
    takeStock();
    emit storageChanged(m_problem);
}

} // namespace sallyport::inspect
