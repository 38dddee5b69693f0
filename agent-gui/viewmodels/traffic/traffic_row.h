// A record as the table keeps it: about 100 bytes and its path, so that 100,000 fit in 20 MB.
#pragma once

#include "string_pool.h"

#include <sallyport/inspect/capture_settings.h>
#include <sallyport/inspect/record.h>

#include <QByteArray>

#include <cstdint>

namespace sallyport::gui {

struct TrafficRow
{
    // What is longer is cut; the whole path stands in the exchange.
    static constexpr size_t MaxPath = 512;

    inspect::RecordId id = 0;
    inspect::RecordId replayOf = 0;
    int64_t begunMs = 0;     // since the epoch
    int64_t durationUs = -1; // -1: not ended
    uint64_t bytes = 0;      // of both ways
    QByteArray path;         // UTF-8, secrets hidden; the visitor's host for connections
    uint16_t status = 0;     // that the visitor saw
    uint16_t method = 0;     // in the pool
    uint16_t tunnel = 0;     // in the pool
    inspect::RecordKind kind = inspect::RecordKind::Http;
    inspect::Outcome outcome = inspect::Outcome::Pending;

    static TrafficRow of(const inspect::Record& record, StringPool& pool,
                         const inspect::Redaction& redaction);
    bool failed() const;
    bool operator==(const TrafficRow&) const = default;
};

} // namespace sallyport::gui
