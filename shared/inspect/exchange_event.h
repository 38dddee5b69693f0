// What the exchange reader finds in the bytes of one connection.
#pragma once

#include <sallyport/base/clock.h>
#include <sallyport/inspect/record.h>

#include <cstdint>
#include <string>
#include <variant>

namespace sallyport::inspect {

struct Begun
{
    bool http = true; // else a connection of which only bytes are seen
    std::string head; // of the request, as it came, with the empty line
    std::string note; // a connection: why it is not read, or empty
    bool requestDone = false;
};
struct BodyPiece
{
    Side side = Side::Request;
    uint64_t offset = 0; // in the body
    std::string bytes;
};
struct RequestDone
{};
struct Answered
{
    unsigned status = 0;
    RecordKind kind = RecordKind::Http;
    std::string head;
};
struct MessageSeen
{
    Message message; // its time is the event's
    bool compressed = false;
    uint32_t number = 0; // of the exchange's messages, from 0
};
// Now and then, of what is still going on.
struct Progress
{
    uint64_t requestBytes = 0;
    uint64_t responseBytes = 0;
};
struct Ended
{
    Outcome outcome = Outcome::Done;
    uint64_t requestBytes = 0;
    uint64_t responseBytes = 0;
    std::string error;
    std::string trailers; // lines
};

struct ExchangeEvent
{
    uint32_t exchange = 0; // counted from 0 within the connection
    TimePoint at{};
    std::variant<Begun, BodyPiece, RequestDone, Answered, MessageSeen, Progress, Ended> what;
};

} // namespace sallyport::inspect
