#include "output_scheduler.h"

namespace sallyport::mux {

void OutputScheduler::addControl(Stream& stream)
{
    if (!stream.controlHook.isLinked())
        m_control.pushBack(stream);
}

void OutputScheduler::addPayload(Stream& stream)
{
    if (!stream.turnHook.isLinked())
        turnsOf(stream).pushBack(stream);
}

void OutputScheduler::setUrgent(Stream& stream)
{
    if (stream.urgent)
        return;
    const bool listed = stream.turnHook.isLinked();
    m_turns.remove(stream);
    stream.urgent = true;
    if (listed)
        m_urgent.pushBack(stream);
}

void OutputScheduler::remove(Stream& stream)
{
    m_control.remove(stream);
    turnsOf(stream).remove(stream);
}

Stream* OutputScheduler::nextPayload()
{
    Stream* stream = m_urgent.popFront();
    return stream ? stream : m_turns.popFront();
}

void OutputScheduler::abandon()
{
    m_control.abandon();
    m_urgent.abandon();
    m_turns.abandon();
}

} // namespace sallyport::mux
