// The vocabulary of an HTTP/2 connection: configuration, events, reasons (RFC 9113).
#pragma once

#include <sallyport/base/bytes.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

namespace sallyport::http2 {

using StreamId = uint32_t;

enum class Role { Client, Server };

// Section 7. Numbers that it does not name travel as they are.
enum class ErrorCode : uint32_t {
    NoError = 0,
    ProtocolError = 1,
    InternalError = 2,
    FlowControlError = 3,
    SettingsTimeout = 4,
    StreamClosed = 5,
    FrameSizeError = 6,
    RefusedStream = 7, // nothing of it was processed: the client may send it again
    Cancel = 8,
    CompressionError = 9,
    ConnectError = 10,
    EnhanceYourCalm = 11,
    InadequateSecurity = 12,
    Http11Required = 13,
};

struct Config
{
    // Streams of the peer at once. More are refused.
    uint32_t maxStreams = 100;
    // Bytes that the peer may send before the reader has taken them.
    uint32_t streamWindow = 256 * 1024;
    uint32_t connectionWindow = 1024 * 1024;
    // A decoded field list: bytes of names and values, and fields.
    size_t maxHead = 64 * 1024;
    size_t maxFields = 200;
    // Payload that one stream queues for takeOutput(); writable() counts down from it.
    size_t streamQueue = 256 * 1024;
    // Frames that carry nothing (pings, settings, priorities, empty data, window updates beyond
    // what our data explains): so many at once, and a tenth of it each second.
    uint32_t idleFrames = 1000;
    // Streams that the peer opens and cancels: so many at once, and a tenth of it each second.
    uint32_t cancelled = 300;
    // Server: offers the extended CONNECT of RFC 8441.
    bool extendedConnect = true;
};

// Why a field list could not become a head.
enum class HeadFault : uint8_t {
    None,
    Malformed,           // section 8: the stream ends with PROTOCOL_ERROR
    TooLarge,            // more bytes than maxHead
    TooManyFields,       // more fields than maxFields
    UnsupportedProtocol, // an extended CONNECT for something other than websocket
};

// Server: a request's head, as the text of an HTTP/1.1 head (head_text.h). Client: an answer's
// head, interim ones too. With a fault there is no text, and the stream still stands.
struct Head
{
    StreamId id;
    void* context;
    std::string text;
    HeadFault fault = HeadFault::None;
    bool ended = false; // no body follows, nor trailers
    bool webSocket = false;
};
// Payload; the bytes are valid until the next nextEvent().
struct Data
{
    StreamId id;
    void* context;
    ByteView bytes;
};
// The peer's half is complete (not after a Head with `ended`). Trailers as lines "name: value" with
// CR LF, framing fields left out.
struct Ended
{
    StreamId id;
    void* context;
    std::string trailers;
};
// Gone without a clean end. `byPeer`: it sent RST_STREAM, or a GOAWAY that leaves the stream out;
// otherwise it broke a rule, and was told so.
struct Reset
{
    StreamId id;
    void* context;
    ErrorCode code;
    bool byPeer;
};
// Both halves ended.
struct Closed
{
    StreamId id;
    void* context;
};
// Some of what the stream had queued was taken: queued() fell.
struct Taken
{
    StreamId id;
    void* context;
};
// The peer opens no new streams (server), or takes none (client).
struct GoAway
{
    ErrorCode code;
};
// The connection is over; take the last output, a GOAWAY that tells the peer, then close.
struct Failed
{
    ErrorCode code;
    std::string detail;
};

using Event = std::variant<Head, Data, Ended, Reset, Closed, Taken, GoAway, Failed>;

} // namespace sallyport::http2
