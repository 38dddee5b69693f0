#include "database.h"

#include "database_rows.h"

#include <QFile>
#include <QSqlError>
#include <QVariant>

#include <array>
#include <atomic>

namespace sallyport::inspect {

struct Database::Statements
{
    QSqlQuery record;
    QSqlQuery details;
    QSqlQuery message;
};

namespace {

QString freshName()
{
    static std::atomic<unsigned> next = 0;
    return QStringLiteral("sallyport-inspect-%1").arg(next++);
}

constexpr std::array Tables = {
    "CREATE TABLE records (id INTEGER PRIMARY KEY, kind INTEGER, outcome INTEGER, error TEXT, "
    "tunnel TEXT, upstream TEXT, visitor TEXT, host TEXT, tls INTEGER, method TEXT, path TEXT, "
    "status INTEGER, content_type TEXT, begun INTEGER, request_done INTEGER, answered INTEGER, "
    "ended INTEGER, request_bytes INTEGER, response_bytes INTEGER, messages INTEGER, "
    "replay_of INTEGER, edited INTEGER, request_kept INTEGER, response_kept INTEGER)",
    "CREATE INDEX records_by_tunnel ON records (tunnel, id)",
    "CREATE INDEX records_failed ON records (id) WHERE status >= 400 OR outcome > 1",
    "CREATE TABLE details (id INTEGER PRIMARY KEY, request_head BLOB, response_head BLOB, "
    "trailers BLOB, request_body BLOB, response_body BLOB)",
    "CREATE TABLE messages (record INTEGER, number INTEGER, at INTEGER, direction INTEGER, "
    "kind INTEGER, event TEXT, data BLOB, size INTEGER, PRIMARY KEY (record, number)) "
    "WITHOUT ROWID",
    "CREATE TABLE ids (reserved INTEGER)",
    "INSERT INTO ids VALUES (1)",
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
    m_statements.reset();
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
}

Result<void, std::pair<Database::OpenError, std::string>> Database::open(const std::string& path)
{
    const auto failed = [this](OpenError error) {
        auto failure = Failure(std::pair(error, m_lastError));
        close();
        return failure;
    };
    const QString file = toQString(path);
    // Made before SQLite does, which would let others read it.
    if (!QFile::exists(file) &&
        !QFile(file).open(QIODevice::NewOnly | QIODevice::WriteOnly,
                          QFileDevice::ReadOwner | QFileDevice::WriteOwner)) {
        m_lastError = "can't be written";
        return failed(OpenError::Unwritable);
    }
    m_database = QSqlDatabase::addDatabase("QSQLITE", m_name);
    m_database.setDatabaseName(file);
    if (!m_database.open()) {
        m_lastError = m_database.lastError().text().toStdString();
        return failed(OpenError::Unwritable);
    }
    QSqlQuery check(m_database);
    const bool readable =
        check.exec("PRAGMA quick_check(1)") && check.next() && check.value(0).toString() == "ok";
    if (!readable) {
        m_lastError = "the file is damaged";
        return failed(OpenError::Unreadable);
    }
    check.finish();
    const uint64_t schema = number("PRAGMA user_version");
    if (schema > Schema) {
        m_lastError = "it was written by a later version";
        return failed(OpenError::Newer);
    }
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = NORMAL");
    if (schema == 0 && !createSchema())
        return failed(OpenError::Unreadable);
    m_statements = std::make_unique<Statements>(
        Statements{QSqlQuery(m_database), QSqlQuery(m_database), QSqlQuery(m_database)});
    QStringList marks;
    marks.fill("?", RecordColumnCount);
    const bool prepared =
        m_statements->record.prepare("INSERT OR REPLACE INTO records (" + recordColumns() +
                                     ") VALUES (" + marks.join(',') + ")") &&
        m_statements->details.prepare("INSERT OR REPLACE INTO details VALUES (?,?,?,?,?,?)") &&
        m_statements->message.prepare("INSERT OR REPLACE INTO messages VALUES (?,?,?,?,?,?,?,?)");
    if (!prepared)
        return failed(OpenError::Unreadable);
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

uint64_t Database::number(const QString& statement)
{
    QSqlQuery query(m_database);
    return query.exec(statement) && query.next() ? query.value(0).toULongLong() : 0;
}

void Database::begin()
{
    m_database.transaction();
}

void Database::commit()
{
    if (!m_database.commit())
        m_lastError = m_database.lastError().text().toStdString();
}

bool Database::insert(const CapturedExchange& exchange)
{
    bindRecord(m_statements->record, exchange);
    if (!run(m_statements->record))
        return false;
    if (exchange.requestHead.empty())
        return true; // a connection
    QSqlQuery& details = m_statements->details;
    details.bindValue(0, qulonglong(exchange.record.id));
    details.bindValue(1, toBlob(exchange.requestHead));
    details.bindValue(2, toBlob(exchange.responseHead));
    details.bindValue(3, toBlob(exchange.trailers));
    details.bindValue(4, exchange.request.inFile ? QVariant() : toBlob(exchange.request.bytes));
    details.bindValue(5, exchange.response.inFile ? QVariant() : toBlob(exchange.response.bytes));
    if (!run(details))
        return false;
    if (!exchange.messages.empty())
        insertMessages(exchange);
    return true;
}

void Database::insertMessages(const CapturedExchange& exchange)
{
    QSqlQuery& insert = m_statements->message;
    qulonglong next = 0;
    for (const Message& message : exchange.messages) {
        insert.bindValue(0, qulonglong(exchange.record.id));
        insert.bindValue(1, next++);
        insert.bindValue(2, qlonglong(message.at.count()));
        insert.bindValue(3, int(message.direction));
        insert.bindValue(4, int(message.kind));
        insert.bindValue(5, toQString(message.event));
        insert.bindValue(6, toBlob(message.data));
        insert.bindValue(7, qulonglong(message.size));
        run(insert);
    }
}

std::vector<Record> Database::query(const Query& query)
{
    QVariantList values;
    const QString where = whereClause(query, values);
    QSqlQuery select(m_database);
    select.setForwardOnly(true);
    select.prepare("SELECT " + recordColumns() + " FROM records" + where +
                   " ORDER BY id DESC LIMIT ?");
    for (const QVariant& value : values)
        select.addBindValue(value);
    select.addBindValue(query.limit);
    std::vector<Record> result;
    if (!run(select))
        return result;
    while (select.next())
        result.push_back(readRecord(select));
    return result;
}

std::optional<CapturedExchange> Database::find(RecordId id)
{
    QSqlQuery select(m_database);
    select.prepare("SELECT " + recordColumns() + " FROM records WHERE id = ?");
    select.addBindValue(qulonglong(id));
    if (!run(select) || !select.next())
        return std::nullopt;
    CapturedExchange found;
    found.record = readRecord(select);
    found.request.kept = select.value(RequestKeptColumn).toULongLong();
    found.response.kept = select.value(ResponseKeptColumn).toULongLong();
    QSqlQuery details(m_database);
    details.prepare("SELECT request_head, response_head, trailers, request_body, response_body "
                    "FROM details WHERE id = ?");
    details.addBindValue(qulonglong(id));
    if (run(details) && details.next()) {
        const auto bytes = [&details](int i) {
            return details.value(i).toByteArray().toStdString();
        };
        found.requestHead = bytes(0);
        found.responseHead = bytes(1);
        found.trailers = bytes(2);
        found.request.bytes = bytes(3);
        found.response.bytes = bytes(4);
        found.request.inFile = found.request.kept > 0 && details.isNull(3);
        found.response.inFile = found.response.kept > 0 && details.isNull(4);
    }
    QSqlQuery messages(m_database);
    messages.prepare("SELECT at, direction, kind, event, data, size FROM messages "
                     "WHERE record = ? ORDER BY number");
    messages.addBindValue(qulonglong(id));
    run(messages);
    while (messages.next()) {
        Message message;
        message.at = std::chrono::microseconds(messages.value(0).toLongLong());
        message.direction = Message::Direction(messages.value(1).toInt());
        message.kind = Message::Kind(messages.value(2).toInt());
        message.event = messages.value(3).toString().toStdString();
        message.data = messages.value(4).toByteArray().toStdString();
        message.size = messages.value(5).toULongLong();
        found.messages.push_back(std::move(message));
    }
    return found;
}

bool Database::has(RecordId id)
{
    return number(QStringLiteral("SELECT count(*) FROM records WHERE id = %1").arg(id)) > 0;
}

std::vector<Database::KeptBodies> Database::bodiesAfter(RecordId after, uint32_t limit)
{
    QSqlQuery select(m_database);
    select.prepare("SELECT id, request_kept + response_kept FROM records WHERE id > ? AND "
                   "request_kept + response_kept > 0 ORDER BY id LIMIT ?");
    select.addBindValue(qulonglong(after));
    select.addBindValue(limit);
    std::vector<KeptBodies> result;
    run(select);
    while (select.next())
        result.push_back({select.value(0).toULongLong(), select.value(1).toULongLong()});
    return result;
}

void Database::forgetBodies(RecordId id)
{
    run(QStringLiteral("UPDATE records SET request_kept = 0, response_kept = 0 WHERE id = %1")
            .arg(id));
    run(QStringLiteral("UPDATE details SET request_body = NULL, response_body = NULL WHERE id = %1")
            .arg(id));
}

uint64_t Database::count()
{
    return number("SELECT count(*) FROM records");
}

uint64_t Database::bodyBytes()
{
    return number("SELECT sum(request_kept + response_kept) FROM records");
}

RecordId Database::surplus(uint64_t rows)
{
    return number(
        QStringLiteral("SELECT id FROM records ORDER BY id DESC LIMIT 1 OFFSET %1").arg(rows));
}

void Database::removeUpTo(RecordId last)
{
    run(QStringLiteral("DELETE FROM records WHERE id <= %1").arg(last));
    run(QStringLiteral("DELETE FROM details WHERE id <= %1").arg(last));
    run(QStringLiteral("DELETE FROM messages WHERE record <= %1").arg(last));
}

void Database::removeAll()
{
    run("DELETE FROM records");
    run("DELETE FROM details");
    run("DELETE FROM messages");
    // What was deleted is not to be found in the file any more.
    run("VACUUM");
    run("PRAGMA wal_checkpoint(TRUNCATE)");
}

RecordId Database::reservedIds()
{
    return number("SELECT reserved FROM ids");
}

void Database::reserveIds(RecordId below)
{
    run(QStringLiteral("UPDATE ids SET reserved = %1").arg(below));
}

} // namespace sallyport::inspect
