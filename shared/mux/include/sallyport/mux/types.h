// The vocabulary of the multiplexer: configuration, events, reasons.
#pragma once

#include <sallyport/base/bytes.h>
#include <sallyport/base/clock.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

namespace sallyport::mux {

using StreamId = uint32_t;

// The client opens odd stream ids, the server even ones. The agent is the client.
enum class Role { Client, Server };

enum class GoAwayCode : uint32_t { Normal = 0, ProtocolError = 1, InternalError = 2 };

struct Config
{
    // Streams alive at once, both directions together. The peer's open beyond it is refused with
    // RST.
    uint32_t maxStreams = 16'384;
    // Own opens that the peer has not acknowledged, and the peer's that we have not; each at most
    // this. The peer's open beyond it is refused with RST.
    uint32_t backlog = 256;
    // Refusals and resets waiting for takeOutput(). A peer that opens and cancels without ever
    // reading comes to it, and the session ends.
    uint32_t maxPendingResets = 16'384;
    // A receive window starts at 256 KiB (fixed by the protocol), doubles while the reader keeps up
    // and the window, not the reader, is the limit, and ends here.
    uint32_t maxWindow = 16 * 1024 * 1024;
    // What all windows of the session may have grown beyond 256 KiB, together.
    size_t windowBudget = 64 * 1024 * 1024;
    // Delivered and not yet consumed, over all streams. Beyond it the stream that holds the most is
    // reset.
    size_t unreadLimit = 256 * 1024 * 1024;
    // Payload of one frame sent, and of one stream's turn.
    uint32_t maxFrame = 64 * 1024;
    // Payload that one stream, and all streams together, may have queued for takeOutput().
    size_t streamQueueLimit = 256 * 1024;
    size_t queueLimit = 1024 * 1024;
    // What a stream may queue all the same when the session's queue is full, so that bulk on some
    // streams never keeps a small message of another out.
    size_t streamReserve = 4 * 1024;
    // An open that is not acknowledged within openTimeout is reset, alone: the Go implementation
    // ends the whole session then, which would let one slow accept take every other stream down. A
    // stream whose peer does not finish within closeTimeout after our FIN is reset, unless bytes
    // still move: each one received or consumed starts the time anew. Once our FIN has left, this
    // time-out alone counts. It may be up to a second late.
    Duration openTimeout = std::chrono::seconds(75);
    Duration closeTimeout = std::chrono::minutes(5);
    // A ping at the start and every pingInterval. When one stays without an answer, and nothing
    // else arrives either, for pingMisses intervals, the session is dead. (Any byte counts as a
    // sign of life: on a saturated slow link the answer may queue behind much data.) While a
    // stream's window could grow, pings are sent more often, at most every 100 ms. 0 switches all
    // of them off.
    Duration pingInterval = std::chrono::seconds(10);
    int pingMisses = 2;
    // The first own id. 0: the role's first, 1 or 2; otherwise one of the role's parity.
    StreamId firstStreamId = 0;
};

enum class OpenError { TooManyStreams, BacklogFull, PeerGoingAway, IdsExhausted, SessionFailed };

enum class ResetReason {
    ByPeer,       // the peer sent RST
    OpenTimeout,  // no ACK in time
    CloseTimeout, // the peer left its half open too long
    UnreadLimit,  // the session held too many unread bytes, and this stream the most
};

enum class SessionError {
    BadVersion,
    BadType,
    BadFlags,
    BadStreamId, // wrong parity, id 0 where a stream is meant, or a stream where 0 is meant
    DuplicateStream,
    WindowExceeded,
    WindowOverflow, // window updates beyond 2^32 - 1
    PingTimeout,
    PeerGoAway, // the peer reported a protocol or internal error
    ResetFlood, // it opens streams faster than it reads that we refuse them
};

// The peer opened a stream. accept() or reset() it.
struct StreamOpened
{
    StreamId id;
};
// The peer acknowledged our open, by ACK or by sending something else on the stream.
struct StreamAccepted
{
    StreamId id;
    void* context;
};
struct Data
{
    StreamId id;
    void* context;
    ByteView bytes;
};
// The peer will send no more (half-close).
struct StreamFinished
{
    StreamId id;
    void* context;
};
// The stream is gone, without a clean end. Its id is forgotten.
struct StreamReset
{
    StreamId id;
    void* context;
    ResetReason reason;
};
// Both halves ended cleanly, everything queued was taken. Its id is forgotten; bytes of it that are
// not consumed yet are the caller's alone from here on.
struct StreamClosed
{
    StreamId id;
    void* context;
};
// write() took less than it was given, or writable() was 0; now there is room again.
struct StreamWritable
{
    StreamId id;
    void* context;
};
struct PingAnswered
{
    Duration roundTrip;
};
// The peer accepts no new streams.
struct GoAwayReceived
{
    GoAwayCode code;
};
// The session is over; take the last output (a go-away that tells the peer), then close the
// transport.
struct SessionFailed
{
    SessionError error;
    std::string detail;
};

using Event =
    std::variant<StreamOpened, StreamAccepted, Data, StreamFinished, StreamReset, StreamClosed,
                 StreamWritable, PingAnswered, GoAwayReceived, SessionFailed>;

const char* toString(SessionError error);
const char* toString(ResetReason reason);

} // namespace sallyport::mux
