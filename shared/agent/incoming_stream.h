// A data stream before it has an upstream: reads the PROXY header, and keeps the bytes behind it,
// at most a stream's window, without giving credit for them.
//
// Threads: that of the link. Lifetime: destroyed outside of its own calls (IoContext::retire()).
#pragma once

#include <sallyport/base/byte_queue.h>
#include <sallyport/net/io_context.h>
#include <sallyport/net/link.h>
#include <sallyport/wire/proxy_header.h>

#include <string>

namespace sallyport::agent {

class IncomingOwner
{
public:
    // `behind` is what came with the header's last piece. After this call payload is kept, unless
    // the owner has handed the stream on.
    virtual void headerRead(const wire::ProxyHeader& header, ByteView raw, ByteView behind) = 0;
    virtual void headerBroken(wire::ProxyError error) = 0;
    // The stream is gone.
    virtual void incomingEnded() = 0;

protected:
    ~IncomingOwner() = default;
};

class IncomingStream final : public net::LinkStream, public net::Retirable
{
public:
    IncomingStream(net::IoContext& io, IncomingOwner& owner) : m_owner(owner), m_kept(io.pool()) {}

    // Bytes for the upstream that still hold the stream's credit.
    ByteQueue& kept() { return m_kept; }
    bool isFinished() const { return m_finished; }
    // Bytes are dropped from now on: there is no upstream for them.
    void discard();

private:
    void streamData(ByteView bytes) override;
    void streamFinished() override { m_finished = true; }
    void streamReset() override { m_owner.incomingEnded(); }
    void streamClosed() override { m_owner.incomingEnded(); }
    void streamWritable() override {}

    enum class Phase : uint8_t { Header, Keep, Discard };

    IncomingOwner& m_owner;
    wire::ProxyHeaderReader m_reader;
    ByteQueue m_kept;
    Phase m_phase = Phase::Header;
    bool m_finished = false;
};

} // namespace sallyport::agent
