// One end of an HTTP/2 connection (RFC 9113), server or client, on nghttp2.
//
// A pure state machine: no socket, no clock, no thread, no call back. Three families of verbs:
//   inputs    receive()
//   commands  answer(), request(), write(), finish(), reset(), consumed(), ...
//   outputs   nextEvent(), takeOutput()
//
// Order of calls: after receive(), and after takeOutput(), call nextEvent() until it returns
// nothing; the bytes given to receive() must stay untouched until then. Frames are read one at a
// time as events are asked for: no peer can make a queue of events grow, and a command given
// between two events governs the next. After any call takeOutput() may have bytes.
//
// Messages: heads come as the text of HTTP/1.1 heads (head_text.h), bodies as bare data. Heads go
// out from what the readers of shared/http made of such a text.
//
// Flow control: received data counts against the stream's and the connection's window until
// consumed() says that its final reader took it. The session never holds received payload. Data to
// be sent waits in the stream's queue; while it is there the peer's window, or its slowness, holds
// it.
//
// Fairness: streams with queued data take turns, one frame each. The peer's priorities are ignored.
//
// Limits: Config. A peer that floods ends the connection with ENHANCE_YOUR_CALM; a malformed
// message ends its stream alone.
//
// Commands that name a stream which no longer exists are ignored. Threads: one at a time; with
// nothing queued for any stream (idle queues hold no buffers) the session may move to another one,
// see moveTo(). Errors: a broken peer ends the session with a Failed event (once).
#pragma once

#include <sallyport/base/byte_queue.h>
#include <sallyport/base/clock.h>
#include <sallyport/http/message.h>
#include <sallyport/http2/types.h>

#include <memory>
#include <optional>

namespace sallyport::http2 {

// The first 24 bytes of every client.
inline constexpr std::string_view Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

class Session
{
public:
    Session(Role role, const Config& config, BufferPool& pool, TimePoint now);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // --- inputs ---
    void receive(ByteView bytes, TimePoint now);

    // --- commands ---
    // A pointer of the caller's that comes back with every event of the stream.
    void setContext(StreamId id, void* context);
    // Client: opens a stream with this request; nothing when the connection takes no more. The
    // body, unless `ended`, follows by write() and finish().
    std::optional<StreamId> request(const http::RequestHead& head, bool ended, void* context);
    // Server: an interim head, or the answer's. With `own`, it is the relay's answer and may carry
    // Sallyport-Error, which is otherwise removed. An answer to an extended CONNECT has status 200.
    void answer(StreamId id, const http::ResponseHead& head, bool ended, bool own = false);

    // How many bytes write() should be given at most now. The queue takes more all the same.
    size_t writable(StreamId id) const;
    size_t queued(StreamId id) const;
    void write(StreamId id, ByteView bytes);
    void write(StreamId id, Slice slice);
    // Ends our half behind what is queued; `trailers` as lines "name: value" with CR LF.
    void finish(StreamId id, std::string_view trailers = {});
    // Once our half has ended, the peer is told to stop: we do not want the rest of its message.
    void stopPeer(StreamId id);
    // Aborts; no further event comes for the stream.
    void reset(StreamId id, ErrorCode code);
    // The final reader took so many bytes of what Data events delivered. To be called for all of
    // them, also after the stream's end: the connection's window is shared.
    void consumed(StreamId id, size_t bytes);
    // Server: an announcement that no new streams will be taken soon; finishGoAway() makes it true
    // from what has come until then.
    void beginGoAway();
    void finishGoAway();
    // Ends the connection with this code, once the output is taken.
    void fail(ErrorCode code, std::string detail);
    // Answers can be refused at once: the peer's stream was not looked at.
    void refuse(StreamId id) { reset(id, ErrorCode::RefusedStream); }

    // --- outputs ---
    std::optional<Event> nextEvent();
    // Moves frames, ready for the wire, to the end of `out` until about maxBytes were moved.
    // Returns how many.
    size_t takeOutput(ByteQueue& out, size_t maxBytes);
    bool hasOutput() const;

    // --- state ---
    bool failed() const;
    // The peer's GOAWAY came, or ours went out in earnest, and no stream is left: close.
    bool done() const;
    size_t streamCount() const;
    // Client: how many more request() would take.
    size_t room() const;
    // Client: the peer's settings came.
    bool settled() const;
    // All streams' queued payload.
    size_t queuedBytes() const;
    // Nothing is queued and no event waits: the queues may change to another thread's pool.
    bool movable() const;
    void moveTo(BufferPool& pool);

    class Impl; // of this library's own files

private:
    std::unique_ptr<Impl> m;
};

} // namespace sallyport::http2
