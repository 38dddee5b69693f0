// Between rows of the database and the values of the program.
#pragma once

#include "captured_exchange.h"

#include <sallyport/inspect/traffic_source.h>

#include <QSqlQuery>
#include <QVariantList>

namespace sallyport::inspect {

// The columns of the table "records", in the order of readRecord() and bindRecord().
QString recordColumns();
void bindRecord(QSqlQuery& query, const CapturedExchange& exchange);
Record readRecord(const QSqlQuery& query);
// Columns behind the record's.
constexpr int RequestKeptColumn = 22;
constexpr int ResponseKeptColumn = 23;
constexpr int RecordColumnCount = 24;

QString toQString(const std::string& text);
QByteArray toBlob(const std::string& bytes);

// " WHERE ..." for a query, with the values for its question marks.
QString whereClause(const Query& query, QVariantList& values);

} // namespace sallyport::inspect
