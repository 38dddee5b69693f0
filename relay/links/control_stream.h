// The control stream of a link, from the relay's side: moves bytes between the stream and the
// handshake machine of the link protocol.
#pragma once

#include <sallyport/net/deadline.h>
#include <sallyport/net/link.h>
#include <sallyport/wire/relay_control.h>

namespace sallyport::relay {

class ControlStreamOwner
{
public:
    virtual void controlEvent(wire::RelayControl::Event& event) = 0;

protected:
    ~ControlStreamOwner() = default;
};

class ControlStream final : public net::LinkStream
{
public:
    ControlStream(net::IoContext& io, wire::RelayControl::Limits limits, ControlStreamOwner& owner);

    // Give a command to the machine, then call step().
    wire::RelayControl& machine() { return m_machine; }
    void step();
    // Hands what the machine has to say to the stream, as far as that takes it.
    void sendOutput();

private:
    void streamData(ByteView bytes) override;
    void streamFinished() override;
    void streamReset() override;
    void streamClosed() override;
    void streamWritable() override { step(); }

    net::IoContext& m_io;
    ControlStreamOwner& m_owner;
    wire::RelayControl m_machine;
    net::Deadline m_deadline;
    size_t m_unconsumed = 0;
};

} // namespace sallyport::relay
