#include "links/control_stream.h"

namespace sallyport::relay {

ControlStream::ControlStream(net::IoContext& io, wire::RelayControl::Limits limits,
                             ControlStreamOwner& owner)
    : m_io(io), m_owner(owner), m_machine(io.now(), limits), m_deadline(io.deadlines(), [this] {
          m_machine.handleTimeout(m_io.now());
          step();
      })
{
    m_deadline.set(m_machine.nextDeadline());
}

void ControlStream::step()
{
    while (auto event = m_machine.nextEvent())
        m_owner.controlEvent(*event);
    // While a hello is being checked the agent's bytes stay on its account.
    if (m_machine.wantsInput())
        consumed(std::exchange(m_unconsumed, 0));
    sendOutput();
    m_deadline.set(m_machine.nextDeadline());
}

void ControlStream::sendOutput()
{
    while (!m_machine.output().empty()) {
        const size_t taken = write(m_machine.output());
        m_machine.consumeOutput(taken);
        if (taken == 0)
            return; // streamWritable() goes on
    }
}

void ControlStream::streamData(ByteView bytes)
{
    m_unconsumed += bytes.size();
    m_machine.receive(bytes);
    step();
}

void ControlStream::streamFinished()
{
    m_machine.receiveEnd();
    step();
}

void ControlStream::streamReset()
{
    streamFinished();
}

void ControlStream::streamClosed()
{
    streamFinished();
}

} // namespace sallyport::relay
