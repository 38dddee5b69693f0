// Joins a socket (plain, or with TLS) and a stream of a link, both ways, with half-close, abort and
// backpressure passed on: the socket is read only while the stream takes bytes, and the stream gets
// credit only for what the socket took.
//
// Threads: that of the IoContext. Lifetime: ends by itself; the owner hears pumpEnded() once and
// then destroys it (IoContext::retire()).
#pragma once

#include <sallyport/net/link.h>
#include <sallyport/net/stream_socket.h>

#include <cstdint>

namespace sallyport::net {

class StreamPump;

enum class PumpEnd : uint8_t {
    Clean,         // both sides ended
    LocalFailed,   // the socket broke; the stream was reset, behind what the socket had said
    StreamAborted, // the stream was reset; the socket was aborted
};

class PumpOwner
{
public:
    virtual void pumpEnded(StreamPump& pump, PumpEnd end) = 0;

protected:
    ~PumpOwner() = default;
};

// Sees the bytes that pass, each once and in order, before they are handed on; it must not call the
// pump. A pump without one pays a comparison for each read.
class PumpTap
{
public:
    virtual ~PumpTap() = default;
    virtual void bytesToSocket(ByteView bytes) = 0;
    virtual void bytesFromSocket(ByteView bytes) = 0;
};

class StreamPump final : public LinkStream, public Retirable, private ReadyHandler
{
public:
    StreamPump(IoContext& io, PumpOwner& owner);
    ~StreamPump() override;

    // Before start(). The tap outlives the pump.
    void setTap(PumpTap* tap) { m_tap = tap; }

    // The stream must be attached by then. `toStream` and `toSocket` are bytes read before the pump
    // took over; those for the socket still hold the stream's credit, but for the first
    // `uncredited`. pumpEnded() may come during the call.
    void start(StreamSocket socket, ByteView toStream = {}, ByteView toSocket = {},
               bool streamFinishedAlready = false, size_t uncredited = 0);

    uint64_t bytesFromSocket() const { return m_fromSocket; }
    uint64_t bytesToSocket() const { return m_toSocketTotal; }

private:
    void onReady(Readiness hints) override;
    void streamData(ByteView bytes) override;
    void streamFinished() override;
    void streamReset() override;
    void streamClosed() override;
    void streamWritable() override;

    void readSocket();
    void waitForRoom();
    void readStopped(const IoResult& result);
    void writeFailed();
    void socketFailed();
    void closeSocket(PumpEnd how);
    bool flushEarly();
    void flushToSocket();
    bool outputLeft() const { return !m_toSocket.empty() || m_socket.outputPending(); }
    void finishSocketIfDone();
    void end(PumpEnd how);

    IoContext& m_io;
    PumpOwner& m_owner;
    PumpTap* m_tap = nullptr;
    StreamSocket m_socket;
    ByteQueue m_toSocket;
    ByteQueue m_early;       // for the stream, from before the start
    size_t m_uncredited = 0; // bytes at the front of m_toSocket that are not the stream's
    uint64_t m_fromSocket = 0;
    uint64_t m_toSocketTotal = 0;
    bool m_hangUp = false;
    bool m_socketEnded = false;    // the socket's own end was read
    bool m_streamFinished = false; // the stream's was
    bool m_socketShut = false;
    bool m_writeFailed = false; // it takes no more; its last words are still to be read
    bool m_ended = false;
};

} // namespace sallyport::net
