// What leaves the database.
#include "database.h"

#include <QVariant>

#include <algorithm>

namespace sallyport::inspect {

// Of the oldest block that is not before `from`.
std::optional<Database::RowsOf> Database::firstRows(qlonglong from, const char* condition)
{
    if (!m_database.isOpen())
        return std::nullopt;
    QSqlQuery select(m_database);
    select.exec(QStringLiteral("SELECT number, rows FROM blocks WHERE number >= %1 %2 "
                               "ORDER BY number LIMIT 1")
                    .arg(from)
                    .arg(QLatin1String(condition)));
    if (!select.next())
        return std::nullopt;
    return RowsOf{select.value(0).toLongLong(), select.value(1).toByteArray()};
}

// Notes the bodies of one that leaves, unless they left before.
void Database::dropBodies(const CapturedExchange& exchange, Place place,
                          std::vector<KeptBodies>& gone)
{
    const uint64_t kept = exchange.request.kept + exchange.response.kept;
    if (kept > 0 && !place.isBefore(m_bodiesFrom))
        gone.push_back(
            {exchange.record.id, kept, exchange.request.inFile || exchange.response.inFile});
}

std::vector<Database::KeptBodies> Database::forgetBodies(uint64_t bytes)
{
    (void)writeBlocks();
    std::vector<KeptBodies> gone;
    uint64_t freed = 0;
    CapturedExchange one;
    while (freed < bytes) {
        const auto rows = firstRows(m_bodiesFrom.block, "AND kept > 0");
        if (!rows)
            break;
        Place next{rows->block + 1, 0};
        for (RowReader row(rows->view()); row.next();) {
            const Place place{rows->block, qlonglong(row.index())};
            if (freed >= bytes) {
                next = place;
                break;
            }
            const size_t before = gone.size();
            row.read(one);
            dropBodies(one, place, gone);
            if (gone.size() > before)
                freed += gone.back().bytes;
        }
        m_bodiesFrom = next;
        m_stateChanged = true;
        if (next.block > rows->block)
            run(QStringLiteral("DELETE FROM bodies WHERE number <= %1").arg(rows->block));
    }
    return gone;
}

// The oldest block without a look into it, where none of it has left before, no file has to go with
// it, and it is not longer than `limit`.
bool Database::removeWhole(uint64_t limit, Removed& removed)
{
    if (!m_database.isOpen())
        return false;
    QSqlQuery select(m_database);
    select.exec(QStringLiteral("SELECT number, last, count, kept, files FROM blocks "
                               "WHERE number >= %1 ORDER BY number LIMIT 1")
                    .arg(m_rowsFrom.block));
    if (!select.next())
        return false;
    const qlonglong block = select.value(0).toLongLong();
    const Place next{block + 1, 0};
    const auto isPart = [&](Place from) { return from.block == block && from.index > 0; };
    const uint64_t count = select.value(2).toULongLong();
    if (isPart(m_rowsFrom) || isPart(m_bodiesFrom) || count > limit ||
        select.value(4).toULongLong() > 0)
        return false;
    removed.count += count;
    removed.last = std::max(removed.last, RecordId(select.value(1).toULongLong()));
    const uint64_t kept = select.value(3).toULongLong();
    if (kept > 0 && m_bodiesFrom.isBefore(next))
        removed.bodies.push_back({removed.last, kept, false});
    m_rowsFrom = next;
    m_stateChanged = true;
    return true;
}

Database::Removed Database::removeOldest(uint64_t least, uint64_t most)
{
    (void)writeBlocks();
    Removed removed;
    CapturedExchange one;
    while (removed.count < least) {
        if (removeWhole(most - removed.count, removed))
            continue;
        const auto rows = firstRows(m_rowsFrom.block);
        if (!rows)
            break;
        Place next{rows->block + 1, 0};
        for (RowReader row(rows->view()); row.next();) {
            const Place place{rows->block, qlonglong(row.index())};
            if (place.isBefore(m_rowsFrom))
                continue;
            if (removed.count == most) {
                next = place;
                break;
            }
            ++removed.count;
            removed.last = std::max(removed.last, row.id());
            row.read(one);
            dropBodies(one, place, removed.bodies);
        }
        m_rowsFrom = next;
        m_stateChanged = true;
    }
    if (m_bodiesFrom.isBefore(m_rowsFrom))
        m_bodiesFrom = m_rowsFrom;
    run(QStringLiteral("DELETE FROM blocks WHERE number < %1").arg(m_rowsFrom.block));
    run(QStringLiteral("DELETE FROM bodies WHERE number < %1").arg(m_rowsFrom.block));
    return removed;
}

} // namespace sallyport::inspect
