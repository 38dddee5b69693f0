// One stream towards an upstream of an http tunnel. It outlives the request: after a complete
// answer it waits, idle, for the next one.
#pragma once

#include <sallyport/net/io_context.h>
#include <sallyport/net/link.h>
#include <sallyport/wire/messages.h>

#include <memory>
#include <optional>

namespace sallyport::relay {

class LinkTunnel;

// Who uses the stream at the moment.
class UpstreamUser
{
public:
    virtual void upstreamData(ByteView bytes) = 0;
    virtual void upstreamFinished() = 0;
    // The stream is gone; `why` when the agent said why it could not reach the upstream.
    virtual void upstreamGone(std::optional<wire::StreamFailure> why) = 0;
    virtual void upstreamWritable() = 0;

protected:
    ~UpstreamUser() = default;
};

class UpstreamStream;

// The way to an upstream as an exchange sees it: bytes of HTTP/1.1 both ways. Verbs as
// net::LinkStream.
class Upstream : public net::Retirable
{
public:
    explicit Upstream(std::weak_ptr<LinkTunnel> tunnel) : m_tunnel(std::move(tunnel)) {}

    virtual size_t writable() = 0;
    virtual size_t write(ByteView bytes) = 0;
    virtual size_t write(Slice& slice) = 0;
    virtual void finish() = 0;
    virtual void reset() = 0;
    virtual void consumed(size_t bytes) = 0;
    // Null when it is a part of something larger.
    virtual UpstreamStream* linkStream() { return nullptr; }

    void setUser(UpstreamUser* user) { m_user = user; }
    // Null when the tunnel ended before the stream.
    std::shared_ptr<LinkTunnel> tunnel() const { return m_tunnel.lock(); }

    TimePoint idleSince{}; // or ending
    // The upstream's end may be about to close: what ends without an answer says nothing about the
    // request.
    bool usedBefore = false;

protected:
    std::weak_ptr<LinkTunnel> m_tunnel;
    UpstreamUser* m_user = nullptr;
};

class UpstreamStream final : public net::LinkStream, public Upstream
{
public:
    UpstreamStream(net::IoContext& io, std::weak_ptr<LinkTunnel> tunnel)
        : Upstream(std::move(tunnel)), m_io(io)
    {}

    size_t writable() override { return LinkStream::writable(); }
    size_t write(ByteView bytes) override { return LinkStream::write(bytes); }
    size_t write(Slice& slice) override { return LinkStream::write(slice); }
    void finish() override { LinkStream::finish(); }
    void reset() override { LinkStream::reset(); }
    void consumed(size_t bytes) override { LinkStream::consumed(bytes); }
    UpstreamStream* linkStream() override { return this; }

private:
    void streamData(ByteView bytes) override;
    void streamFinished() override;
    void streamReset() override;
    void streamClosed() override;
    void streamWritable() override;
    void streamRejected(uint32_t code) override;
    void leaveIdle();
    void gone(std::optional<wire::StreamFailure> why);

    net::IoContext& m_io;
};

} // namespace sallyport::relay
