#include <sallyport/inspect/record.h>

namespace sallyport::inspect {

std::string_view toText(RecordKind kind)
{
    switch (kind) {
    case RecordKind::Http:
        return "http";
    case RecordKind::WebSocket:
        return "websocket";
    case RecordKind::EventStream:
        return "event_stream";
    case RecordKind::Connection:
        return "connection";
    }
    return "http";
}

std::string_view toText(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Pending:
        return "pending";
    case Outcome::Done:
        return "done";
    case Outcome::UpstreamRefused:
        return "upstream_refused";
    case Outcome::UpstreamTimeout:
        return "upstream_timeout";
    case Outcome::UpstreamFailed:
        return "upstream_failed";
    case Outcome::VisitorLeft:
        return "visitor_left";
    case Outcome::Interrupted:
        return "interrupted";
    }
    return "pending";
}

unsigned visitorStatus(const Record& record)
{
    // A request that was sent again had no relay before it, and no visitor.
    if (record.status != 0 || record.kind == RecordKind::Connection || record.replayOf != 0)
        return record.status;
    switch (record.outcome) {
    case Outcome::UpstreamTimeout:
        return 504;
    case Outcome::UpstreamRefused:
    case Outcome::UpstreamFailed:
        return 502;
    case Outcome::Pending:
    case Outcome::Done:
    case Outcome::VisitorLeft:
    case Outcome::Interrupted:
        break;
    }
    return 0;
}

} // namespace sallyport::inspect
