// What is asked of the database.
#include "database.h"

#include <QVariant>

#include <algorithm>

namespace sallyport::inspect {

namespace {

std::string_view view(const QByteArray& bytes)
{
    return {bytes.data(), size_t(bytes.size())};
}

// The `limit` newest in front; nothing else is left.
void keepNewest(std::vector<Record>& records, size_t limit)
{
    const auto newer = [](const Record& a, const Record& b) { return a.id > b.id; };
    if (records.size() > limit) {
        std::nth_element(records.begin(), records.begin() + ptrdiff_t(limit), records.end(), newer);
        records.resize(limit);
    }
    std::sort(records.begin(), records.end(), newer);
}

} // namespace

// Blocks come in the order of the newest that they hold. Their ranges overlap where an exchange
// took long, so it is over only when no block that is left can hold a newer one.
std::vector<Record> Database::query(const Query& query)
{
    const qlonglong before = query.before == 0 ? INT64_MAX : qlonglong(query.before);
    std::vector<Record> result;
    if (query.limit == 0)
        return result;
    CapturedExchange one;
    seal();
    for (const Block& block : m_unwritten) {
        for (RowReader row(block.bytes.rows()); row.next();) {
            if (row.id() >= RecordId(before))
                continue;
            row.read(one);
            if (query.filter.matches(one.record))
                result.push_back(one.record);
        }
    }
    bool full = result.size() >= query.limit;
    keepNewest(result, query.limit);
    if (!m_database.isOpen())
        return result;
    QSqlQuery select(m_database);
    select.setForwardOnly(true);
    select.prepare("SELECT number, last, rows FROM blocks WHERE first < ? ORDER BY last DESC");
    select.addBindValue(before);
    if (!run(select))
        return result;
    while (select.next()) {
        const auto newest = RecordId(select.value(1).toULongLong());
        if (full && newest < result.back().id)
            break;
        const qlonglong block = select.value(0).toLongLong();
        const QByteArray rows = select.value(2).toByteArray();
        for (RowReader row(view(rows)); row.next();) {
            if (row.id() >= RecordId(before) ||
                Place{block, qlonglong(row.index())}.isBefore(m_rowsFrom))
                continue;
            row.read(one);
            if (query.filter.matches(one.record))
                result.push_back(one.record);
        }
        full = result.size() >= query.limit;
        if (full)
            keepNewest(result, query.limit);
    }
    keepNewest(result, query.limit);
    return result;
}

std::optional<CapturedExchange> Database::findUnwritten(RecordId id)
{
    seal();
    CapturedExchange exchange;
    for (const Block& block : m_unwritten) {
        for (RowReader row(block.bytes.rows()); row.next();) {
            if (row.id() != id)
                continue;
            row.read(exchange);
            readDetails(block.bytes.details(), row.index(), exchange);
            if (exchange.request.kept + exchange.response.kept > 0)
                readBodies(block.bytes.bodies(), row.index(), exchange);
            return exchange;
        }
    }
    return std::nullopt;
}

std::optional<Database::Located> Database::locate(RecordId id)
{
    if (!m_database.isOpen())
        return std::nullopt;
    QSqlQuery select(m_database);
    select.setForwardOnly(true);
    select.prepare("SELECT number, rows FROM blocks WHERE last >= ? AND first <= ? ORDER BY last");
    select.addBindValue(qlonglong(id));
    select.addBindValue(qlonglong(id));
    if (!run(select))
        return std::nullopt;
    while (select.next()) {
        const QByteArray rows = select.value(1).toByteArray();
        for (RowReader row(view(rows)); row.next();) {
            if (row.id() != id)
                continue;
            Located found{{select.value(0).toLongLong(), qlonglong(row.index())}, {}};
            if (found.place.isBefore(m_rowsFrom))
                return std::nullopt;
            row.read(found.exchange);
            return found;
        }
    }
    return std::nullopt;
}

bool Database::has(RecordId id)
{
    return locate(id).has_value();
}

std::optional<CapturedExchange> Database::find(RecordId id)
{
    if (auto waiting = findUnwritten(id))
        return waiting;
    auto found = locate(id);
    if (!found)
        return std::nullopt;
    CapturedExchange& exchange = found->exchange;
    const size_t index = size_t(found->place.index);
    const auto bytes = [&](const char* statement) {
        QSqlQuery select(m_database);
        select.exec(QString::fromLatin1(statement).arg(found->place.block));
        return select.next() ? select.value(0).toByteArray() : QByteArray();
    };
    readDetails(view(bytes("SELECT details FROM blocks WHERE number = %1")), index, exchange);
    if (found->place.isBefore(m_bodiesFrom))
        exchange.request = exchange.response = {};
    else if (exchange.request.kept + exchange.response.kept > 0)
        readBodies(view(bytes("SELECT bytes FROM bodies WHERE number = %1")), index, exchange);
    return std::move(exchange);
}

// With what waits to be written.
uint64_t Database::count()
{
    uint64_t waiting = m_pending.count;
    for (const Block& block : m_unwritten)
        waiting += block.count;
    if (!m_database.isOpen())
        return waiting;
    const auto stored = number(QStringLiteral("SELECT sum(count) FROM blocks WHERE number >= %1")
                                   .arg(m_rowsFrom.block))
                            .value_or(0);
    // The first block may be there only in part.
    const auto part = number(
        QStringLiteral("SELECT count(*) FROM blocks WHERE number = %1").arg(m_rowsFrom.block));
    return waiting + uint64_t(stored - (part.value_or(0) > 0 ? m_rowsFrom.index : 0));
}

RecordId Database::newestId()
{
    RecordId newest = m_pending.last;
    for (const Block& block : m_unwritten)
        newest = std::max(newest, block.last);
    if (!m_database.isOpen())
        return newest;
    return std::max(newest, RecordId(number("SELECT max(last) FROM blocks").value_or(0)));
}

uint64_t Database::bodyBytes()
{
    uint64_t sum = m_pending.kept;
    for (const Block& block : m_unwritten)
        sum += block.kept;
    if (!m_database.isOpen())
        return sum;
    sum += uint64_t(number(QStringLiteral("SELECT sum(kept) FROM blocks WHERE number > %1")
                               .arg(m_bodiesFrom.block))
                        .value_or(0));
    QSqlQuery part(m_database);
    part.exec(QStringLiteral("SELECT rows FROM blocks WHERE number = %1").arg(m_bodiesFrom.block));
    if (!part.next())
        return sum;
    const QByteArray rows = part.value(0).toByteArray();
    CapturedExchange one;
    for (RowReader row(view(rows)); row.next();) {
        if (qlonglong(row.index()) < m_bodiesFrom.index)
            continue;
        row.read(one);
        sum += one.request.kept + one.response.kept;
    }
    return sum;
}

} // namespace sallyport::inspect
