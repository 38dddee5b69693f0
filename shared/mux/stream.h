// All that a session keeps for one stream. Plain data; the classes that hold it on their lists say
// what the fields mean.
#pragma once

#include "intrusive_list.h"
#include "receive_window.h"
#include "stream_state.h"

#include <sallyport/base/byte_queue.h>

namespace sallyport::mux {

struct Stream
{
    Stream(StreamId streamId, StreamState initial, BufferPool& pool, TimePoint now)
        : id(streamId), state(initial), queue(pool)
    {
        window.epochStart = now;
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    const StreamId id;
    StreamState state;
    bool urgent = false;
    // The caller found no room to write, and waits for StreamWritable.
    bool wantsRoom = false;
    // The event that tells of the end is on its way; for the peer the stream is gone already.
    enum class Ending : uint8_t { None, Closed, Reset } ending = Ending::None;
    ResetReason resetReason = ResetReason::ByPeer;
    enum class Timer : uint8_t { None, Open, FreshClose, Close } timer = Timer::None;

    uint32_t sendWindow = InitialWindow;
    ReceiveWindow window;
    ByteQueue queue; // payload to send; covered by the peer's window already
    void* context = nullptr;
    TimePoint deadline;

    Stream* nextInBucket = nullptr; // StreamTable
    ListHook<Stream> timerHook;     // StreamTimers
    ListHook<Stream> controlHook;   // OutputScheduler
    ListHook<Stream> turnHook;      // OutputScheduler
    ListHook<Stream> eventHook;     // Session: room to write, or an ending
};

} // namespace sallyport::mux
