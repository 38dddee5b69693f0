#include "database_statements.h"

#include <QFile>
#include <QUrl>
#include <QVariant>

#include <algorithm>
#include <array>
#include <atomic>

namespace sallyport::inspect {

namespace {

QString freshName()
{
    static std::atomic<unsigned> next = 0;
    return QStringLiteral("sallyport-inspect-%1").arg(next++);
}

// The large columns stand last: SQLite reads a row only as far as it is asked for.
constexpr std::array Tables = {
    "CREATE TABLE blocks (number INTEGER PRIMARY KEY, first INTEGER, last INTEGER, "
    "count INTEGER, kept INTEGER, files INTEGER, rows BLOB, details BLOB)",
    "CREATE INDEX blocks_by_id ON blocks (last, first)",
    "CREATE TABLE bodies (number INTEGER PRIMARY KEY, bytes BLOB)",
    "CREATE TABLE state (rows_block INTEGER, rows_index INTEGER, bodies_block INTEGER, "
    "bodies_index INTEGER, closed INTEGER)",
    "INSERT INTO state VALUES (0, 0, 0, 0, 1)",
};

} // namespace

Database::Database() : m_name(freshName()) {}

Database::~Database()
{
    close();
}

void Database::close()
{
    if (!m_database.isValid())
        return;
    if (m_statements)
        run(QStringLiteral("UPDATE state SET closed = 1"));
    m_statements.reset();
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
}

Result<void, std::pair<Database::OpenError, std::string>> Database::open(const std::string& path)
{
    close();
    const auto prepared = prepare(path);
    if (prepared)
        return {};
    close();
    return Failure(std::pair(prepared.error(), m_lastError));
}

Result<void, Database::OpenError> Database::prepare(const std::string& path)
{
    const QString file = QString::fromStdString(path);
    // Made before SQLite does, which would let others read it.
    if (!QFile::exists(file) &&
        !QFile(file).open(QIODevice::NewOnly | QIODevice::WriteOnly,
                          QFileDevice::ReadOwner | QFileDevice::WriteOwner)) {
        m_lastError = "can't be written";
        return Failure(OpenError::Unwritable);
    }
    m_database = QSqlDatabase::addDatabase("QSQLITE", m_name);
    m_database.setDatabaseName(file);
    if (!m_database.open()) {
        note(m_database.lastError());
        return Failure(OpenError::Unwritable);
    }
    const auto schema = number("PRAGMA user_version");
    if (!schema)
        return Failure(openError(OpenError::Unreadable));
    if (*schema != 0 && *schema != Schema) {
        m_lastError = *schema > Schema ? "it was written by a later version"
                                       : "it was written by an earlier version";
        return Failure(OpenError::OtherVersion);
    }
    // Blocks are long; of a file that is there already the size stays.
    run("PRAGMA page_size = 16384");
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = NORMAL");
    // Some builds write zeros over all that is deleted, which doubles what is written. removeAll()
    // leaves nothing behind all the same.
    run("PRAGMA secure_delete = FAST");
    if ((*schema == 0 && !createSchema()) || !readState() || !run("UPDATE state SET closed = 0"))
        return Failure(openError(OpenError::Unreadable));
    auto statements =
        std::make_unique<Statements>(Statements{QSqlQuery(m_database), QSqlQuery(m_database)});
    if (!statements->block.prepare("INSERT INTO blocks VALUES (?,?,?,?,?,?,?,?)") ||
        !statements->bodies.prepare("INSERT INTO bodies VALUES (?,?)"))
        return Failure(OpenError::Unreadable);
    m_statements = std::move(statements);
    return {};
}

// A good file on a full disk must not be taken for a damaged one.
Database::OpenError Database::openError(OpenError otherwise) const
{
    // Of sqlite3.h, which Qt's driver brings along but no header of.
    enum : uint8_t {
        Perm = 3,
        Busy = 5,
        Locked = 6,
        ReadOnly = 8,
        IoError = 10,
        Full = 13,
        CantOpen = 14
    };
    switch (m_lastCode & 0xff) {
    case Perm:
    case Busy:
    case Locked:
    case ReadOnly:
    case IoError:
    case Full:
    case CantOpen:
        return OpenError::Unwritable;
    default:
        return otherwise;
    }
}

// Without the file beside it that SQLite would make to read on: by itself alone, which reads what
// was not yet moved from the log into the file, or else as a file that nobody writes to.
bool Database::openToRead(const std::string& path)
{
    const QString file = QString::fromStdString(path);
    if (QFile::exists(file) &&
        (openToRead(file, QString()) ||
         openToRead("file:" + QString::fromLatin1(QUrl::toPercentEncoding(file, "/")) +
                        "?immutable=1",
                    "QSQLITE_OPEN_READONLY;QSQLITE_OPEN_URI")))
        return true;
    close();
    return false;
}

bool Database::openToRead(const QString& name, const QString& options)
{
    close();
    m_database = QSqlDatabase::addDatabase("QSQLITE", m_name);
    m_database.setConnectOptions(options);
    m_database.setDatabaseName(name);
    return m_database.open() && run("PRAGMA locking_mode = EXCLUSIVE") &&
           number("PRAGMA user_version") == Schema && readPlaces();
}

bool Database::createSchema()
{
    m_database.transaction();
    for (const char* statement : Tables)
        if (!run(QString::fromLatin1(statement)))
            return false;
    run(QStringLiteral("PRAGMA user_version = %1").arg(Schema));
    return m_database.commit() || note(m_database.lastError());
}

bool Database::readState()
{
    if (!readPlaces())
        return false;
    const bool closed = number("SELECT closed FROM state").value_or(0) != 0;
    QSqlQuery check(m_database);
    if (!closed &&
        !(check.exec("PRAGMA quick_check(1)") && check.next() && check.value(0) == "ok")) {
        note(check.lastError());
        m_lastError = "the file is damaged";
        return false;
    }
    const qlonglong newest = number("SELECT max(number) FROM blocks").value_or(0);
    m_nextBlock = std::max({newest, m_rowsFrom.block, m_bodiesFrom.block}) + 1;
    return true;
}

bool Database::readPlaces()
{
    QSqlQuery state(m_database);
    if (!state.exec("SELECT rows_block, rows_index, bodies_block, bodies_index FROM state") ||
        !state.next()) {
        note(state.lastError());
        m_lastError = "the file is damaged";
        return false;
    }
    m_rowsFrom = {state.value(0).toLongLong(), state.value(1).toLongLong()};
    m_bodiesFrom = {state.value(2).toLongLong(), state.value(3).toLongLong()};
    return true;
}

bool Database::writeState()
{
    return !m_stateChanged ||
           run(QStringLiteral("UPDATE state SET rows_block = %1, rows_index = %2, "
                              "bodies_block = %3, bodies_index = %4")
                   .arg(m_rowsFrom.block)
                   .arg(m_rowsFrom.index)
                   .arg(m_bodiesFrom.block)
                   .arg(m_bodiesFrom.index));
}

bool Database::note(const QSqlError& error)
{
    m_lastCode = error.nativeErrorCode().toInt();
    m_lastError = error.text().toStdString();
    return false;
}

bool Database::run(const QString& statement)
{
    QSqlQuery query(m_database);
    return query.exec(statement) || note(query.lastError());
}

bool Database::run(QSqlQuery& query)
{
    return query.exec() || note(query.lastError());
}

std::optional<qlonglong> Database::number(const QString& statement)
{
    QSqlQuery query(m_database);
    if (query.exec(statement) && query.next())
        return query.value(0).toLongLong();
    note(query.lastError());
    return std::nullopt;
}

} // namespace sallyport::inspect
