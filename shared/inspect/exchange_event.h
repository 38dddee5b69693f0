// What the exchange reader finds in the bytes of one connection. Its texts are views into what was
// read, or into what holds the event: whoever keeps an event keeps them too (textSize(),
// moveTexts()).
#pragma once

#include <sallyport/base/clock.h>
#include <sallyport/inspect/record.h>

#include <cstdint>
#include <string_view>
#include <variant>

namespace sallyport::inspect {

struct Begun
{
    bool http = true;      // else a connection of which only bytes are seen
    std::string_view head; // of the request, as it came, with the empty line
    std::string_view note; // a connection: why it is not read, or empty
    bool requestDone = false;
};
struct BodyPiece
{
    Side side = Side::Request;
    uint64_t offset = 0; // in the body
    std::string_view bytes;
};
struct RequestDone
{};
struct Answered
{
    unsigned status = 0;
    RecordKind kind = RecordKind::Http;
    std::string_view head;
};
struct MessageSeen
{
    Message::Direction direction = Message::Direction::FromVisitor;
    Message::Kind kind = Message::Kind::Text;
    bool compressed = false;
    uint32_t number = 0; // of the exchange's messages, from 0
    uint64_t size = 0;
    std::string_view data;
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
    std::string_view error;
    std::string_view trailers; // lines
};

struct ExchangeEvent
{
    uint32_t exchange = 0; // counted from 0 within the connection
    TimePoint at{};
    std::variant<Begun, BodyPiece, RequestDone, Answered, MessageSeen, Progress, Ended> what;
};

// The bytes of all its texts.
size_t textSize(const ExchangeEvent& event);
// Copies them to `place`, where the event finds them from now on.
void moveTexts(ExchangeEvent& event, char* place);

} // namespace sallyport::inspect
