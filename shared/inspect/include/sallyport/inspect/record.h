// What is known of one thing that passed through a tunnel: an HTTP exchange, or a connection of
// which only bytes are seen. Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::inspect {

// Grows with each record of a history and is never used again, also after a restart. 0: none.
using RecordId = uint64_t;

enum class RecordKind : uint8_t {
    Http,
    WebSocket,   // an exchange that was upgraded; its messages are a timeline
    EventStream, // an exchange answered with text/event-stream
    Connection,  // tcp, tls, udp, and what could not be read as HTTP
};
std::string_view toText(RecordKind kind); // "http"

enum class Outcome : uint8_t {
    Pending,         // still going on
    Done,            // both sides ended it
    UpstreamRefused, // nobody listens there
    UpstreamTimeout,
    UpstreamFailed, // it broke off in the middle, or its answer can't be read
    VisitorLeft,
    Interrupted, // the link or the agent ended
};
std::string_view toText(Outcome outcome); // "upstream_refused"

// One row of the table.
struct Record
{
    RecordId id = 0;
    RecordKind kind = RecordKind::Http;
    Outcome outcome = Outcome::Pending;
    std::string error; // a sentence where there is more to say than the outcome, else empty

    std::string tunnel;   // its ref
    std::string upstream; // "127.0.0.1:3000"
    std::string visitor;  // "203.0.113.7:50123"; empty: the relay or ourselves
    std::string host;     // as asked for, or the SNI
    bool tls = false;     // the visitor came by TLS

    std::string method;      // empty for connections
    std::string path;        // with its query; cut at 2048 bytes
    unsigned status = 0;     // 0: not answered
    std::string contentType; // of the answer, without parameters

    std::chrono::system_clock::time_point begun;
    // Since `begun`; nothing: not there yet.
    std::optional<std::chrono::microseconds> requestDone;
    std::optional<std::chrono::microseconds> answered; // the head of the answer
    std::optional<std::chrono::microseconds> ended;

    uint64_t requestBytes = 0;  // body, or bytes from the visitor
    uint64_t responseBytes = 0; // body, or bytes to the visitor
    uint32_t messages = 0;      // of WebSockets and event streams, both ways

    RecordId replayOf = 0;
    bool edited = false; // a replay with changes

    bool operator==(const Record&) const = default;
};

// The status that the visitor saw: the upstream's, or what the relay answers in its place where it
// could not be had (docs/errors.md); 0: none.
unsigned visitorStatus(const Record& record);

struct HeaderLine
{
    std::string name;
    std::string value;   // as it came; empty where it was never written down
    bool secret = false; // to be hidden unless shown on purpose
    bool operator==(const HeaderLine&) const = default;
};

struct BodyInfo
{
    uint64_t size = 0; // as it passed
    uint64_t kept = 0; // of it on disk; less than size: cut
    bool cut() const { return kept < size; }
    bool operator==(const BodyInfo&) const = default;
};

struct Message
{
    enum class Direction : uint8_t { FromVisitor, ToVisitor };
    enum class Kind : uint8_t { Text, Binary, Ping, Pong, Close, Event };

    std::chrono::microseconds at{0}; // since the record began
    Direction direction = Direction::FromVisitor;
    Kind kind = Kind::Text;
    std::string event; // the name of a server-sent event
    std::string data;  // cut at 64 KiB
    uint64_t size = 0;
    bool operator==(const Message&) const = default;
};

// Everything of one exchange but its bodies.
struct Exchange
{
    Record record;
    std::string requestLine; // "GET /a?b HTTP/1.1"
    std::string statusLine;  // "HTTP/1.1 200 OK"
    std::vector<HeaderLine> requestHeaders;
    std::vector<HeaderLine> responseHeaders;
    std::vector<HeaderLine> responseTrailers;
    BodyInfo requestBody;
    BodyInfo responseBody;
    std::vector<Message> messages; // the last 1,000
};

enum class Side : uint8_t { Request, Response };

} // namespace sallyport::inspect
