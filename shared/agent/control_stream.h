// The agent's control stream on a link: moves bytes between the stream and the handshake machine.
//
// Threads: that of the link. Lifetime: as the link; the owner may close the link in its calls, and
// destroy this only outside of them.
#pragma once

#include <sallyport/net/deadline.h>
#include <sallyport/net/link.h>
#include <sallyport/wire/agent_control.h>

namespace sallyport::agent {

class ControlOwner
{
public:
    // ControlEnded is the last one.
    virtual void controlEvent(const wire::AgentControl::Event& event) = 0;

protected:
    ~ControlOwner() = default;
};

class ControlStream final : public net::LinkStream
{
public:
    ControlStream(net::IoContext& io, wire::Hello hello, ControlOwner& owner);

    // The stream has been opened on its link.
    void start();

    template <typename Message>
    void send(const Message& message)
    {
        m_machine.send(message);
        turn();
    }

private:
    void streamData(ByteView bytes) override;
    void streamFinished() override;
    void streamReset() override;
    void streamClosed() override;
    void streamWritable() override;

    void turn();
    void flush();

    net::IoContext& m_io;
    ControlOwner& m_owner;
    wire::AgentControl m_machine;
    net::Deadline m_deadline;
    bool m_inTurn = false;
};

} // namespace sallyport::agent
