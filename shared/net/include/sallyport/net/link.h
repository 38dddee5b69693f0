// Drives a multiplexer session over a channel: bytes in, events to the streams' handlers, output
// gathered over one turn of the loop and sent in one go.
//
// Threads: that of its IoContext; a link lives on one thread for life. Lifetime: when the link
// ends, every stream on it gets streamReset(), then the owner linkClosed(); destroy it outside of
// callbacks (IoContext::retire()).
#pragma once

#include <sallyport/mux/session.h>
#include <sallyport/net/channel.h>
#include <sallyport/net/deadline.h>
#include <sallyport/net/io_context.h>

#include <deque>
#include <memory>
#include <string>

namespace sallyport::net {

class Link;

// One end of a stream, as its user sees it. Destroying it resets the stream if it is still open.
class LinkStream
{
public:
    LinkStream() = default;
    virtual ~LinkStream();
    LinkStream(const LinkStream&) = delete;
    LinkStream& operator=(const LinkStream&) = delete;

    bool isAttached() const { return m_link != nullptr; }
    Link* link() const { return m_link; }
    mux::StreamId streamId() const { return m_id; }

    // As mux::Session; all are harmless on a stream that is no longer attached. A stream that waits
    // for its turn to open takes nothing yet; streamWritable() comes once it does.
    size_t writable();
    size_t write(ByteView bytes);
    size_t write(Slice& slice);
    void finish();
    // Aborts; no further callback comes.
    void reset();
    // Aborts as soon as what was written has left (or could not within 5 s). Nothing but
    // streamReset() comes until then; write no more. One that still waits for its turn to open is
    // detached at once, as by reset().
    void abortBehindData();
    void consumed(size_t bytes);
    void setUrgent();

protected:
    // The bytes are valid only during the call. Call consumed() when their final reader took them.
    virtual void streamData(ByteView bytes) = 0;
    // The peer will send no more.
    virtual void streamFinished() = 0;
    // Gone without a clean end: by the peer, a limit, or because the link went. Detached already.
    virtual void streamReset() = 0;
    // Both halves ended. Detached already.
    virtual void streamClosed() = 0;
    virtual void streamWritable() = 0;
    // Gone because Link::reject() said so, with its code. Detached already.
    virtual void streamRejected(uint32_t code)
    {
        (void)code;
        streamReset();
    }

private:
    friend class Link;
    void waitForRoom();
    void stopWaiting();

    Link* m_link = nullptr;
    LinkStream* m_previous = nullptr;
    LinkStream* m_next = nullptr;
    mux::StreamId m_id = 0;
    bool m_waits = false; // for room to write
    bool m_finished = false;
    bool m_aborting = false;
    bool m_opening = false; // waits for its turn, without an id
};

class LinkOwner
{
public:
    // The peer opened a stream: attach() a handler or refuse() it before the call returns. Bytes
    // for a stream without a handler are lost.
    virtual void linkStreamOpened(mux::StreamId id) = 0;
    virtual void linkRoundTrip(Duration roundTrip) = 0;
    // The peer takes no new streams.
    virtual void linkGoingAway() = 0;
    // The link is over; a sentence for people.
    virtual void linkClosed(const std::string& reason) = 0;

protected:
    ~LinkOwner() = default;
};

class Link final : private ChannelOwner, private TurnEndHandler
{
public:
    // Takes over an open channel; `early` are bytes that came with the handshake.
    Link(IoContext& io, std::unique_ptr<Channel> channel, mux::Role role, const mux::Config& config,
         LinkOwner& owner);
    ~Link() override;
    void start(ByteView early = {});

    Result<mux::StreamId, mux::OpenError> open(LinkStream& stream);
    // The same, and `preface` goes first on it. While the peer has too many streams still to
    // acknowledge (mux::Config::backlog) the stream waits for its turn instead of failing; as many
    // may wait as may be open. False when it cannot open.
    bool openInTurn(LinkStream& stream, ByteView preface);
    void attach(mux::StreamId id, LinkStream& stream);
    void refuse(mux::StreamId id);
    // Hands a standing stream from one handler to another.
    void reattach(LinkStream& from, LinkStream& to);
    // The peer told by other means that this stream leads nowhere: resets it and tells its handler.
    void reject(mux::StreamId id, uint32_t code);
    // No further streams from the peer; those that live may end.
    void goAway();
    // Ends it now: what is queued goes out as far as the system takes it.
    void close(const std::string& reason);

    bool isClosed() const { return m_closed; }
    size_t streamCount() const { return m_session.streamCount(); }
    std::optional<Duration> roundTrip() const { return m_session.roundTrip(); }
    const Channel& channel() const { return *m_channel; }
    IoContext& io() { return m_io; }

private:
    friend class LinkStream;
    // ChannelOwner
    void channelOpened() override {}
    void channelBytes(ByteView bytes) override;
    void channelEnded() override;
    void channelFailed(const std::string& reason) override;
    void channelTurn() override;
    // TurnEndHandler
    void onTurnEnd() override;

    void handleEvents();
    void deliverEvents();
    void handleEvent(mux::Event& event);
    void scheduleFlush() { m_io.poller().atTurnEnd(this); }
    void enlist(LinkStream& stream);
    void detach(LinkStream& stream);
    bool openNow(LinkStream& stream, mux::StreamId id, ByteView preface);
    void openWaiting();
    void abortStreams();
    void armDeadline();

    IoContext& m_io;
    std::unique_ptr<Channel> m_channel;
    mux::Session m_session;
    LinkOwner& m_owner;
    ByteQueue m_out;
    Deadline m_deadline;
    LinkStream* m_streams = nullptr;
    struct Opening
    {
        LinkStream* stream;
        std::string preface;
    };
    std::deque<Opening> m_opening; // streams that wait for their turn
    size_t m_maxStreams;
    size_t m_waiting = 0;  // streams that wait for room to write
    size_t m_aborting = 0; // streams that are to be aborted behind their data
    std::optional<TimePoint> m_abortBy;
    bool m_deliveringEvents = false;
    bool m_closed = false;
};

} // namespace sallyport::net
