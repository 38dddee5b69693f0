// The parts of a session and how they are wired. session.cpp has the commands, session_input.cpp
// turns frames into events, session_output.cpp turns streams into frames.
#pragma once

#include "control_queue.h"
#include "keep_alive.h"
#include "output_scheduler.h"
#include "receive_window.h"
#include "stream_table.h"
#include "stream_timers.h"

#include <sallyport/mux/frame_reader.h>
#include <sallyport/mux/session.h>

#include <string>

namespace sallyport::mux {

class Session::Impl
{
public:
    Impl(Role role, const Config& config, BufferPool& pool, TimePoint now);

    // --- inputs ---
    void receive(ByteView bytes, TimePoint now);
    void handleTimeout(TimePoint now);

    // --- commands ---
    Result<StreamId, OpenError> openStream(TimePoint now);
    void accept(StreamId id);
    void setContext(StreamId id, void* context);
    void setUrgent(StreamId id);
    size_t writable(StreamId id);
    size_t write(StreamId id, ByteView bytes);
    size_t write(StreamId id, Slice& slice);
    void finish(StreamId id);
    void reset(StreamId id);
    void consumed(StreamId id, size_t bytes, TimePoint now);
    void ping(TimePoint now);
    void goAway(GoAwayCode code);

    // --- outputs ---
    std::optional<Event> nextEvent();
    size_t takeOutput(ByteQueue& out, size_t maxBytes);
    bool hasOutput() const { return !m_control.empty() || !m_scheduler.empty(); }
    std::optional<TimePoint> nextDeadline() const;

    // --- state ---
    bool failed() const { return m_failed; }
    size_t streamCount() const { return m_streams.size(); }
    size_t unreadBytes() const { return m_windows.unread(); }
    size_t queuedBytes() const { return m_queued; }
    std::optional<Duration> roundTrip() const { return m_keepAlive.smoothed(); }
    uint32_t receiveWindow(StreamId id);

    void checkInvariants();

private:
    // What of the current frame is still to be done; each step makes at most one event.
    enum class Step : uint8_t { Header, Acknowledge, Credit, Body, Finish };

    // Input: session_input.cpp
    std::optional<Event> nextNotice();
    bool stepNeedsInput() const;
    std::optional<Event> stepFrame();
    std::optional<Event> readHeader();
    std::optional<Event> onPing();
    std::optional<Event> onGoAway();
    std::optional<Event> onStreamFrame();
    std::optional<Event> onOpen();
    std::optional<Event> onReset();
    std::optional<Event> onAcknowledge();
    void onCredit();
    std::optional<Event> onBody();
    std::optional<Event> onFinish();
    void checkBody(const Stream* stream);
    void resetGreediest();
    std::string describeFrame(const std::string& what) const;

    // Output: session_output.cpp
    void writeControl(Stream& stream, ByteQueue& out);
    void writeTurn(Stream& stream, ByteQueue& out);
    uint16_t takeHandshakeFlags(Stream& stream);
    void finSent(Stream& stream);

    // Streams: session_streams.cpp
    Stream* live(StreamId id);
    Stream* liveForPeer(StreamId id);
    void advance(TimePoint now);
    void sendPing(TimePoint now);
    void fail(SessionError error, std::string detail = {});
    Stream& addStream(StreamId id, StreamState state, TimePoint now);
    void remove(Stream& stream);
    void detach(Stream& stream);
    void leaveHandshake(const Stream& stream);
    void acceptNow(Stream& stream);
    void abort(Stream& stream, ResetReason reason);
    void sendReset(Stream& stream);
    void queueReset(StreamId id);
    void announceEnding(Stream& stream, Stream::Ending ending);
    // Payload: session_payload.cpp
    template <typename Append>
    size_t writeWith(StreamId id, size_t wanted, Append&& append);
    size_t room(const Stream& stream) const;
    size_t ownRoom(const Stream& stream) const;
    void waitForRoom(Stream& stream);
    void noteRoom(Stream& stream);

    const Config m_config;
    BufferPool& m_pool;
    TimePoint m_now;

    StreamTable m_streams;
    StreamTimers m_timers;
    WindowManager m_windows;
    OutputScheduler m_scheduler;
    ControlQueue m_control;
    KeepAlive m_keepAlive;
    FrameReader m_reader;
    FrameHeader m_frame; // the current one
    Step m_step = Step::Header;

    // Streams with an event on the way that no frame causes.
    IntrusiveList<Stream, &Stream::eventHook> m_endings;
    IntrusiveList<Stream, &Stream::eventHook> m_writable;
    std::optional<SessionFailed> m_failure;

    uint64_t m_nextId;             // wider than an id, to see the end coming
    uint32_t m_unacknowledged = 0; // own opens
    uint32_t m_unaccepted = 0;     // the peer's opens
    size_t m_queued = 0;
    bool m_failed = false;
    bool m_goingAway = false;
    bool m_peerGoingAway = false;
};

} // namespace sallyport::mux
