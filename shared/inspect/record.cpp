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

} // namespace sallyport::inspect
