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
            if (row.read(one))
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

Database::Removed Database::removeOldest(uint64_t count)
{
    (void)writeBlocks();
    Removed removed;
    CapturedExchange one;
    while (removed.count < count) {
        const auto rows = firstRows(m_rowsFrom.block);
        if (!rows)
            break;
        Place next{rows->block + 1, 0};
        for (RowReader row(rows->view()); row.next();) {
            const Place place{rows->block, qlonglong(row.index())};
            if (place.isBefore(m_rowsFrom))
                continue;
            if (removed.count == count) {
                next = place;
                break;
            }
            ++removed.count;
            removed.last = std::max(removed.last, row.id());
            if (row.read(one))
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
