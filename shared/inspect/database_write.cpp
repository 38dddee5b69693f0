// What goes into the database, and what waits for it.
#include "database_statements.h"

#include <QVariant>

#include <algorithm>

namespace sallyport::inspect {

namespace {

// Not copied: it has to live until the statement was run.
QByteArray blob(const std::string& bytes)
{
    return QByteArray::fromRawData(bytes.data(), qsizetype(bytes.size()));
}

} // namespace

void Database::begin()
{
    m_inTransaction = m_statements && m_database.transaction();
}

bool Database::commit(Commit what)
{
    m_inTransaction = false;
    if (what == Commit::All)
        seal();
    if (writeWholeBlocks() && writeState() &&
        (m_database.commit() || note(m_database.lastError()))) {
        m_unwritten.clear();
        m_unwrittenBytes = 0;
        m_stateChanged = false;
        return true;
    }
    if (m_statements)
        m_database.rollback(); // SQLite may have done it already
    for (Block& block : m_unwritten)
        block.written = false;
    dropUnwritten();
    return false;
}

void Database::hold()
{
    seal();
    dropUnwritten();
}

void Database::insert(const CapturedExchange& exchange)
{
    const RecordId id = exchange.record.id;
    Block& block = m_pending;
    block.first = block.count == 0 ? id : std::min(block.first, id);
    block.last = std::max(block.last, id);
    block.kept += exchange.request.kept + exchange.response.kept;
    block.files += size_t(exchange.request.inFile) + size_t(exchange.response.inFile);
    block.bytes.append(exchange);
    ++block.count;
    if (block.count >= BlockRecords || block.bytes.size() >= BlockSize)
        seal();
}

void Database::seal()
{
    if (m_pending.count == 0)
        return;
    m_unwrittenBytes += m_pending.bytes.size();
    m_unwritten.push_back(std::exchange(m_pending, {}));
}

bool Database::writeBlocks()
{
    seal();
    return writeWholeBlocks();
}

// Those that a transaction holds already stay in memory until it is known to be kept.
bool Database::writeWholeBlocks()
{
    if (!m_statements)
        return false;
    return std::all_of(m_unwritten.begin(), m_unwritten.end(), [this](Block& block) {
        return block.written = block.written || writeBlock(block);
    });
}

bool Database::writeBlock(const Block& block)
{
    QSqlQuery& insert = m_statements->block;
    const qlonglong number = m_nextBlock++;
    int i = 0;
    for (const qulonglong value :
         {qulonglong(number), qulonglong(block.first), qulonglong(block.last),
          qulonglong(block.count), qulonglong(block.kept), qulonglong(block.files)})
        insert.bindValue(i++, value);
    insert.bindValue(i++, blob(block.bytes.rows()));
    insert.bindValue(i, blob(block.bytes.details()));
    if (!run(insert))
        return false;
    if (block.kept == 0)
        return true;
    m_statements->bodies.bindValue(0, number);
    m_statements->bodies.bindValue(1, blob(block.bytes.bodies()));
    return run(m_statements->bodies);
}

void Database::dropUnwritten()
{
    CapturedExchange one;
    while (m_unwrittenBytes > UnwrittenLimit) {
        const Block& block = m_unwritten.front();
        m_lost.count += block.count;
        m_lost.last = std::max(m_lost.last, block.last);
        for (RowReader row(block.bytes.rows()); row.next();) {
            row.read(one);
            dropBodies(one, {INT64_MAX, 0}, m_lost.bodies);
        }
        m_unwrittenBytes -= block.bytes.size();
        m_unwritten.pop_front();
    }
}

Database::Removed Database::takeLost()
{
    return std::exchange(m_lost, {});
}

bool Database::removeAll()
{
    m_pending = {};
    m_unwritten.clear();
    m_unwrittenBytes = 0;
    if (!m_statements || !run("DELETE FROM blocks") || !run("DELETE FROM bodies"))
        return false;
    // What was deleted is not to be found in the file any more.
    const bool gone = run("VACUUM");
    return run("PRAGMA wal_checkpoint(TRUNCATE)") && gone;
}

} // namespace sallyport::inspect
