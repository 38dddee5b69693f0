#include "database_rows.h"

#include <QStringList>
#include <QVariant>

namespace sallyport::inspect {

namespace {

using std::chrono::microseconds;

QVariant optionalTime(const std::optional<microseconds>& time)
{
    return time ? QVariant(qlonglong(time->count())) : QVariant();
}

std::optional<microseconds> readTime(const QVariant& value)
{
    if (value.isNull())
        return std::nullopt;
    return microseconds(value.toLongLong());
}

// For LIKE, which compares ASCII without case.
QString contained(const std::string& part)
{
    QString text = toQString(part);
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    return '%' + text + '%';
}

} // namespace

QString toQString(const std::string& text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

QByteArray toBlob(const std::string& bytes)
{
    return QByteArray(bytes.data(), qsizetype(bytes.size()));
}

QString recordColumns()
{
    return QStringLiteral(
        "id, kind, outcome, error, tunnel, upstream, visitor, host, tls, method, path, status, "
        "content_type, begun, request_done, answered, ended, request_bytes, response_bytes, "
        "messages, replay_of, edited, request_kept, response_kept");
}

void bindRecord(QSqlQuery& query, const CapturedExchange& exchange)
{
    const Record& record = exchange.record;
    int i = 0;
    const auto bind = [&](const QVariant& value) { query.bindValue(i++, value); };
    bind(qulonglong(record.id));
    bind(int(record.kind));
    bind(int(record.outcome));
    bind(toQString(record.error));
    bind(toQString(record.tunnel));
    bind(toQString(record.upstream));
    bind(toQString(record.visitor));
    bind(toQString(record.host));
    bind(int(record.tls));
    bind(toQString(record.method));
    bind(toQString(record.path));
    bind(record.status);
    bind(toQString(record.contentType));
    bind(qlonglong(
        std::chrono::duration_cast<microseconds>(record.begun.time_since_epoch()).count()));
    bind(optionalTime(record.requestDone));
    bind(optionalTime(record.answered));
    bind(optionalTime(record.ended));
    bind(qulonglong(record.requestBytes));
    bind(qulonglong(record.responseBytes));
    bind(record.messages);
    bind(qulonglong(record.replayOf));
    bind(int(record.edited));
    bind(qulonglong(exchange.request.kept));
    bind(qulonglong(exchange.response.kept));
}

Record readRecord(const QSqlQuery& query)
{
    Record record;
    int i = 0;
    const auto value = [&] { return query.value(i++); };
    const auto text = [&] { return value().toString().toStdString(); };
    record.id = value().toULongLong();
    record.kind = RecordKind(value().toInt());
    record.outcome = Outcome(value().toInt());
    record.error = text();
    record.tunnel = text();
    record.upstream = text();
    record.visitor = text();
    record.host = text();
    record.tls = value().toBool();
    record.method = text();
    record.path = text();
    record.status = value().toUInt();
    record.contentType = text();
    record.begun = std::chrono::system_clock::time_point(microseconds(value().toLongLong()));
    record.requestDone = readTime(value());
    record.answered = readTime(value());
    record.ended = readTime(value());
    record.requestBytes = value().toULongLong();
    record.responseBytes = value().toULongLong();
    record.messages = value().toUInt();
    record.replayOf = value().toULongLong();
    record.edited = value().toBool();
    return record;
}

// The same as Filter::matches().
QString whereClause(const Query& query, QVariantList& values)
{
    QStringList all;
    const auto add = [&](const QString& condition, const QVariant& value) {
        all += condition;
        values += value;
    };
    const Filter& filter = query.filter;
    if (query.before != 0)
        add("id < ?", qulonglong(query.before));
    if (!filter.tunnel.empty())
        add("tunnel = ?", toQString(filter.tunnel));
    if (!filter.method.empty())
        add("method = ? COLLATE NOCASE", toQString(filter.method));
    if (!filter.path.empty())
        add("path LIKE ? ESCAPE '\\'", contained(filter.path));
    if (filter.statusMin != 0)
        add("status >= ?", filter.statusMin);
    if (filter.statusMax != 0)
        add("status <= ?", filter.statusMax);
    if (filter.failedOnly)
        all += "(status >= 400 OR outcome > 1)";
    if (filter.minDuration.count() > 0)
        add("ended >= ?", qlonglong(filter.minDuration.count()));
    if (!filter.text.empty()) {
        all += "(host LIKE ? ESCAPE '\\' OR path LIKE ? ESCAPE '\\' OR visitor LIKE ? ESCAPE '\\' "
               "OR content_type LIKE ? ESCAPE '\\' OR error LIKE ? ESCAPE '\\')";
        for (int i = 0; i < 5; ++i)
            values += contained(filter.text);
    }
    return all.isEmpty() ? QString() : " WHERE " + all.join(" AND ");
}

} // namespace sallyport::inspect
