#include "control_stream.h"

#include <utility>

namespace sallyport::agent {

ControlStream::ControlStream(net::IoContext& io, wire::Hello hello, ControlOwner& owner)
    : m_io(io),
      m_owner(owner),
      m_machine(io.now(), std::move(hello)),
      m_deadline(io.deadlines(), [this] {
          m_machine.handleTimeout(m_io.now());
          turn();
      })
{}

void ControlStream::start()
{
    setUrgent();
    turn();
}

void ControlStream::streamData(ByteView bytes)
{
    m_machine.receive(bytes);
    consumed(bytes.size());
    turn();
}

void ControlStream::streamFinished()
{
    m_machine.receiveEnd();
    turn();
}

void ControlStream::streamReset()
{
    streamFinished();
}

void ControlStream::streamClosed()
{
    streamFinished();
}

void ControlStream::streamWritable()
{
    flush();
}

void ControlStream::turn()
{
    // An owner that sends from inside an event is served by the loop that is running.
    if (m_inTurn)
        return;
    m_inTurn = true;
    while (auto event = m_machine.nextEvent()) {
        flush();
        m_owner.controlEvent(*event);
    }
    m_inTurn = false;
    flush();
    m_deadline.set(m_machine.nextDeadline());
}

void ControlStream::flush()
{
    while (!m_machine.output().empty()) {
        const size_t taken = write(m_machine.output());
        if (taken == 0)
            return;
        m_machine.consumeOutput(taken);
    }
}

} // namespace sallyport::agent
