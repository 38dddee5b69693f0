#include "database.h"

#include <QFile>
#include <QSqlError>
#include <QVariant>

#include <algorithm>
#include <array>
#include <atomic>

namespace sallyport::inspect {

struct Database::Statements
{
    QSqlQuery block;
    QSqlQuery bodies;
};

namespace {

QString freshName()
{
    static std::atomic<unsigned> next = 0;
    return QStringLiteral("sallyport-inspect-%1").arg(next++);
}

// The large columns stand last: SQLite reads a row only as far as it is asked for.
constexpr std::array Tables = {
    "CREATE TABLE blocks (number INTEGER PRIMARY KEY, first INTEGER, last INTEGER, "
    "count INTEGER, kept INTEGER, rows BLOB, details BLOB)",
    "CREATE INDEX blocks_by_id ON blocks (last, first)",
    "CREATE TABLE bodies (number INTEGER PRIMARY KEY, bytes BLOB)",
    "CREATE TABLE state (rows_block INTEGER, rows_index INTEGER, bodies_block INTEGER, "
    "bodies_index INTEGER, closed INTEGER)",
    "INSERT INTO state VALUES (0, 0, 0, 0, 1)",
};

// Not copied: it has to live until the statement was run.
QByteArray blob(const std::string& bytes)
{
    return QByteArray::fromRawData(bytes.data(), qsizetype(bytes.size()));
}

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
        m_lastError = m_database.lastError().text().toStdString();
        return Failure(OpenError::Unwritable);
    }
    const auto schema = number("PRAGMA user_version");
    if (!schema)
        return Failure(OpenError::Unreadable);
    if (*schema != 0 && *schema != Schema) {
        m_lastError = *schema > Schema ? "it was written by a later version"
                                       : "it was written by an earlier version";
        return Failure(OpenError::OtherVersion);
    }
    // Blocks are long; of a file that is there already the size stays.
    run("PRAGMA page_size = 16384");
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = NORMAL");
    if ((*schema == 0 && !createSchema()) || !readState())
        return Failure(OpenError::Unreadable);
    m_statements =
        std::make_unique<Statements>(Statements{QSqlQuery(m_database), QSqlQuery(m_database)});
    if (!m_statements->block.prepare("INSERT INTO blocks VALUES (?,?,?,?,?,?,?)") ||
        !m_statements->bodies.prepare("INSERT INTO bodies VALUES (?,?)") ||
        !run("UPDATE state SET closed = 0"))
        return Failure(OpenError::Unreadable);
    return {};
}

bool Database::createSchema()
{
    m_database.transaction();
    for (const char* statement : Tables)
        if (!run(QString::fromLatin1(statement)))
            return false;
    run(QStringLiteral("PRAGMA user_version = %1").arg(Schema));
    return m_database.commit();
}

bool Database::readState()
{
    QSqlQuery state(m_database);
    if (!state.exec("SELECT rows_block, rows_index, bodies_block, bodies_index, closed FROM "
                    "state") ||
        !state.next()) {
        m_lastError = "the file is damaged";
        return false;
    }
    m_rowsFrom = {state.value(0).toLongLong(), state.value(1).toLongLong()};
    m_bodiesFrom = {state.value(2).toLongLong(), state.value(3).toLongLong()};
    const bool closed = state.value(4).toBool();
    state.finish();
    QSqlQuery check(m_database);
    if (!closed &&
        !(check.exec("PRAGMA quick_check(1)") && check.next() && check.value(0) == "ok")) {
        m_lastError = "the file is damaged";
        return false;
    }
    const qlonglong newest = number("SELECT max(number) FROM blocks").value_or(0);
    m_nextBlock = std::max({newest, m_rowsFrom.block, m_bodiesFrom.block}) + 1;
    return true;
}

bool Database::writeState()
{
    if (!std::exchange(m_stateChanged, false))
        return true;
    return run(QStringLiteral("UPDATE state SET rows_block = %1, rows_index = %2, "
                              "bodies_block = %3, bodies_index = %4")
                   .arg(m_rowsFrom.block)
                   .arg(m_rowsFrom.index)
                   .arg(m_bodiesFrom.block)
                   .arg(m_bodiesFrom.index));
}

bool Database::run(const QString& statement)
{
    QSqlQuery query(m_database);
    if (query.exec(statement))
        return true;
    m_lastError = query.lastError().text().toStdString();
    return false;
}

bool Database::run(QSqlQuery& query)
{
    if (query.exec())
        return true;
    m_lastError = query.lastError().text().toStdString();
    return false;
}

std::optional<qlonglong> Database::number(const QString& statement)
{
    QSqlQuery query(m_database);
    if (query.exec(statement) && query.next())
        return query.value(0).toLongLong();
    m_lastError = query.lastError().text().toStdString();
    return std::nullopt;
}

void Database::begin()
{
    m_database.transaction();
}

bool Database::commit()
{
    bool written = writeBlock();
    written = writeState() && written;
    if (m_database.commit())
        return written;
    m_lastError = m_database.lastError().text().toStdString();
    return false;
}

bool Database::insert(const CapturedExchange& exchange)
{
    const RecordId id = exchange.record.id;
    Block& block = m_pending;
    block.first = block.count == 0 ? id : std::min(block.first, id);
    block.last = std::max(block.last, id);
    block.kept += exchange.request.kept + exchange.response.kept;
    block.bytes.append(exchange);
    ++block.count;
    return (block.count < BlockRecords && block.bytes.size() < BlockSize) || writeBlock();
}

bool Database::writeBlock()
{
    Block& block = m_pending;
    if (block.count == 0)
        return true;
    QSqlQuery& insert = m_statements->block;
    int i = 0;
    for (const qulonglong value :
         {qulonglong(m_nextBlock), qulonglong(block.first), qulonglong(block.last),
          qulonglong(block.count), qulonglong(block.kept)})
        insert.bindValue(i++, value);
    insert.bindValue(i++, blob(block.bytes.rows));
    insert.bindValue(i, blob(block.bytes.details));
    bool written = run(insert);
    if (written && block.kept > 0) {
        m_statements->bodies.bindValue(0, m_nextBlock);
        m_statements->bodies.bindValue(1, blob(block.bytes.bodies));
        written = run(m_statements->bodies);
    }
    ++m_nextBlock;
    block.bytes.clear();
    block.first = block.last = block.kept = block.count = 0;
    return written;
}

void Database::removeAll()
{
    run("DELETE FROM blocks");
    run("DELETE FROM bodies");
    // What was deleted is not to be found in the file any more.
    run("VACUUM");
    run("PRAGMA wal_checkpoint(TRUNCATE)");
}

} // namespace sallyport::inspect
