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

class UpstreamStream final : public net::LinkStream, public net::Retirable
{
public:
    UpstreamStream(net::IoContext& io, std::weak_ptr<LinkTunnel> tunnel)
        : m_io(io), m_tunnel(std::move(tunnel))
    {}

    void setUser(UpstreamUser* user) { m_user = user; }
    // Null when the tunnel ended before the stream.
    std::shared_ptr<LinkTunnel> tunnel() const { return m_tunnel.lock(); }

    TimePoint idleSince{}; // or ending
    bool usedBefore = false;

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
    std::weak_ptr<LinkTunnel> m_tunnel;
    UpstreamUser* m_user = nullptr;
};

} // namespace sallyport::relay
