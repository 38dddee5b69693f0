// What the files of Session share. session.cpp: inputs and outputs; session_callbacks.cpp: what the
// framing library says; session_commands.cpp: commands.
#pragma once

#include "frame_meter.h"

#include <sallyport/http2/head_text.h>
#include <sallyport/http2/session.h>

#include <nghttp2/nghttp2.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace sallyport::http2 {

struct Stream
{
    explicit Stream(BufferPool& pool) : out(pool) {}

    StreamId id = 0;
    void* context = nullptr;
    std::unique_ptr<HeadText> head; // being received
    ByteQueue out;
    std::string trailers;
    bool announced = false;   // the owner knows it
    bool headSeen = false;    // the peer's final head
    bool headRequest = false; // client: ours was HEAD
    bool resetByPeer = false;
    bool stopPeer = false;    // once our END_STREAM is out
    bool finished = false;    // nothing follows what is queued
    bool endSent = false;     // our END_STREAM is out, or on its way
    bool inTurn = false;      // among m_turns
    bool mayGo = false;       // one frame
    bool blocked = false;     // by a window
    bool takenQueued = false; // a Taken event waits
};

class Session::Impl
{
public:
    Impl(Role role, const Config& config, BufferPool& pool, TimePoint now);
    ~Impl();

    // --- session.cpp ---
    std::optional<Event> nextEvent();
    void feed();
    size_t takeOutput(ByteQueue& out, size_t maxBytes);
    void giveTurn(Stream& stream);
    void queueTurn(Stream& stream);
    void unblock();
    void fail(ErrorCode code, std::string detail);
    Stream* find(StreamId id);
    void erase(StreamId id);
    void dropEvents(StreamId id);

    // --- session_callbacks.cpp ---
    static nghttp2_session_callbacks* makeCallbacks();
    void beginHead(const nghttp2_frame& frame);
    void endHead(const nghttp2_frame& frame);
    void frameReceived(const nghttp2_frame& frame);
    void frameSent(const nghttp2_frame& frame);
    void streamClosed(StreamId id, uint32_t code);
    ssize_t readData(StreamId id, size_t room, uint32_t* flags);
    void sendData(StreamId id, const uint8_t* frameHeader, size_t length);

    // --- session_commands.cpp ---
    void submitSettings();

    const Role role;
    const Config config;
    BufferPool* pool;
    TimePoint now;
    FrameMeter meter;
    nghttp2_session* session = nullptr;
    std::unordered_map<StreamId, std::unique_ptr<Stream>> streams;
    std::deque<Event> events;
    std::deque<StreamId> turns; // streams with something to send
    ByteView input;
    ByteQueue* out = nullptr; // during takeOutput()
    std::optional<Failed> failure;
    bool failureTold = false;
    bool goAwaySent = false;
    bool peerGoingAway = false;
    bool settled = false;
};

} // namespace sallyport::http2
