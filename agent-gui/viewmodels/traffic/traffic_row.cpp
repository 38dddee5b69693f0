#include "traffic_row.h"

#include <sallyport/inspect/redacted.h>

#include <chrono>

namespace sallyport::gui {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

std::string shownPath(const inspect::Record& record, const inspect::Redaction& redaction)
{
    return record.kind == inspect::RecordKind::Connection
               ? record.visitor
               : inspect::redactedQuery(record.path, redaction);
}

} // namespace

TrafficRow TrafficRow::of(const inspect::Record& record, StringPool& pool,
                          const inspect::Redaction& redaction)
{
    TrafficRow row;
    row.id = record.id;
    row.replayOf = record.replayOf;
    row.begunMs = duration_cast<milliseconds>(record.begun.time_since_epoch()).count();
    row.durationUs = record.ended ? record.ended->count() : -1;
    row.bytes = record.requestBytes + record.responseBytes;
    const std::string path = shownPath(record, redaction);
    row.path = QByteArray(path.data(), qsizetype(std::min(path.size(), MaxPath)));
    row.status = uint16_t(inspect::visitorStatus(record));
    row.method = pool.add(record.method);
    row.tunnel = pool.add(record.tunnel);
    row.kind = record.kind;
    row.outcome = record.outcome;
    return row;
}

bool TrafficRow::failed() const
{
    return status >= 400 ||
           (outcome != inspect::Outcome::Pending && outcome != inspect::Outcome::Done);
}

} // namespace sallyport::gui
