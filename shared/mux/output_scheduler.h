// Whose turn it is to send: streams that need a frame without payload first, then urgent streams
// with payload, then the others, each at the end of its list again after its turn. All in O(1).
#pragma once

#include "stream.h"

namespace sallyport::mux {

class OutputScheduler
{
public:
    // The stream has a flag or credit to send. Harmless when it is listed already; so is
    // addPayload().
    void addControl(Stream& stream);
    void addPayload(Stream& stream);
    void setUrgent(Stream& stream);
    void remove(Stream& stream);

    // Taken off its list; absent: nothing to send.
    Stream* nextControl() { return m_control.popFront(); }
    Stream* nextPayload();

    bool empty() const { return m_control.empty() && m_urgent.empty() && m_turns.empty(); }
    void abandon();

private:
    using TurnList = IntrusiveList<Stream, &Stream::turnHook>;
    TurnList& turnsOf(const Stream& stream) { return stream.urgent ? m_urgent : m_turns; }

    IntrusiveList<Stream, &Stream::controlHook> m_control;
    TurnList m_urgent;
    TurnList m_turns;
};

} // namespace sallyport::mux
