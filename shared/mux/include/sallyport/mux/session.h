// One end of a yamux session: many streams over one reliable byte stream.
// Source: hashicorp/yamux spec.md (protocol version 0); docs/protocol.md section 3 says how we use
// it.
//
// A pure state machine: it owns no socket, reads no clock and calls nobody back. Three families of
// verbs:
//   inputs    receive(), handleTimeout()
//   commands  openStream(), write(), finish(), reset(), consumed(), ...
//   outputs   nextEvent(), takeOutput(), nextDeadline()
//
// Order of calls: after receive(), handleTimeout() or takeOutput(), call nextEvent() until it
// returns nothing; the bytes given to receive() must stay untouched until then, because Data events
// point into them (no copy). Frames are read one at a time as events are asked for, so no peer can
// make a queue of events grow, and a command given between two events already governs the next.
// Taking output makes events too: StreamWritable when there is room again, StreamClosed when the
// last FIN has left. After any call, takeOutput() may have bytes and nextDeadline() may have moved.
//
// Flow control: bytes of a Data event count against the stream's receive window until consumed()
// says that their final reader took them; that is what makes backpressure reach from end to end.
// The session itself never holds received payload.
//
// Commands that name a stream which no longer exists are ignored: it may just have been reset.
//
// Choices that the specification leaves open:
//   - SYN and ACK ride on the first Data frame when payload is queued at once, else on a window
//   update.
//   - FIN goes in a window update behind the last Data frame, never on a Data frame with payload:
//   the
//     Go implementation wakes its reader on the FIN before it stores the payload, and may lose it.
//   - Frames for streams that do not exist are read and dropped (we may have reset them), but a
//   Data
//     frame longer than any window ends the session. So do a second FIN and unknown flags. Payload
//     after a FIN counts against the window and is dropped.
//   - Of answers to pings the newest 64 are kept while the peer does not read.
//
// Threads: that of its buffer pool. Errors: a broken peer ends the session with a SessionFailed
// event (once); no other event comes after it, and every command is ignored. Nothing throws.
#pragma once

#include <sallyport/base/byte_queue.h>
#include <sallyport/base/clock.h>
#include <sallyport/base/result.h>
#include <sallyport/mux/types.h>

#include <memory>
#include <optional>

namespace sallyport::mux {

class Session
{
public:
    Session(Role role, const Config& config, BufferPool& pool, TimePoint now);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // --- inputs ---
    void receive(ByteView bytes, TimePoint now);
    void handleTimeout(TimePoint now);

    // --- commands ---
    // Streams are opened at once, without waiting for the peer's ACK: data may follow immediately.
    Result<StreamId, OpenError> openStream(TimePoint now);
    // Accepts a stream announced by StreamOpened (sends the ACK). Writing to it, finishing it and
    // consuming from it accept implicitly.
    void accept(StreamId id);
    // A pointer of the caller's that comes back with every event of the stream.
    void setContext(StreamId id, void* context);
    // Streams marked urgent (the control stream) are served before all others.
    void setUrgent(StreamId id);

    // How many bytes write() would queue now: bounded by the peer's window, by the stream's share
    // of the output queue and by the session's. 0: wait for StreamWritable.
    size_t writable(StreamId id) const;
    // Queue payload; returns how much was taken (at most writable()). The slice form references
    // large slices instead of copying and leaves in `slice` what was not taken.
    size_t write(StreamId id, ByteView bytes);
    size_t write(StreamId id, Slice& slice);
    // Half-close: FIN follows what is queued. Later writes are refused.
    void finish(StreamId id);
    // Abort: RST, queued payload is dropped. No further event comes for the stream.
    void reset(StreamId id);
    // The final reader took `bytes` of what Data events delivered; credit goes back to the peer.
    void consumed(StreamId id, size_t bytes, TimePoint now);

    // Ignored while eight are unanswered.
    void ping(TimePoint now);
    // Announces that no further stream will be accepted; the peer's opens are refused from here on.
    // Existing streams live on.
    void goAway(GoAwayCode code);

    // --- outputs ---
    std::optional<Event> nextEvent();
    // Moves frames, ready for the wire, to the end of `out` until about maxBytes were moved:
    // control frames first, then urgent streams, then the others in turn, at most Config::maxFrame
    // each. Returns how many bytes were moved.
    size_t takeOutput(ByteQueue& out, size_t maxBytes);
    bool hasOutput() const;
    // Call handleTimeout() then. Absent: no timer is needed.
    std::optional<TimePoint> nextDeadline() const;

    // --- state ---
    bool failed() const;
    size_t streamCount() const;
    size_t unreadBytes() const;                // delivered, not yet consumed, over all streams
    size_t queuedBytes() const;                // payload waiting for takeOutput()
    std::optional<Duration> roundTrip() const; // smoothed, from pings
    uint32_t receiveWindow(StreamId id) const; // its current size, for tests and the live view

private:
    class Impl;
    std::unique_ptr<Impl> m;
};

} // namespace sallyport::mux
