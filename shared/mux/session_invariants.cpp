// What must hold between any two calls; debug builds check it.
#include "session_impl.h"

#include <cassert>

namespace sallyport::mux {

#ifdef NDEBUG

void Session::Impl::checkInvariants() {}

#else

namespace {

void checkStream(const Stream& stream)
{
    const ReceiveWindow& window = stream.window;
    assert(window.size >= InitialWindow);
    assert(uint64_t{window.credit} + window.unread <= window.size);
    const bool live = stream.ending == Stream::Ending::None;
    // Gone for the peer: holds nothing, waits for nothing but its event.
    assert(live || (stream.queue.empty() && window.unread == 0));
    assert(live || (!stream.controlHook.isLinked() && !stream.turnHook.isLinked()));
    assert(live || stream.eventHook.isLinked());
    // Payload waits exactly while the stream is in line for a turn.
    assert(stream.turnHook.isLinked() == !stream.queue.empty());
    assert(stream.timerHook.isLinked() == (stream.timer != Stream::Timer::None));
    assert(stream.timer != Stream::Timer::Open || stream.state.awaitsAck());
    // What must be sent is in line to be sent.
    const bool owesFlag =
        stream.state.needsSyn() || stream.state.needsAck() || stream.state.needsFin();
    assert(!live || !owesFlag || stream.controlHook.isLinked() || stream.turnHook.isLinked());
    // A FIN that left, with the peer's half open, is under a time-out.
    const bool halfClosed = stream.state.finSent() && stream.state.canReceive();
    assert(!live || !halfClosed || stream.timer != Stream::Timer::None);
    assert(!live || !stream.state.closed());
}

} // namespace

void Session::Impl::checkInvariants()
{
    assert(m_windows.grown() <= m_config.windowBudget);
    assert(!m_failed || (m_streams.size() == 0 && m_queued == 0 && m_windows.unread() == 0));
    // Looking at every stream after every call would make long tests quadratic.
    constexpr size_t FewStreams = 32;
    if (m_failed || m_streams.size() > FewStreams)
        return;
    size_t queued = 0;
    size_t unread = 0;
    size_t grown = 0;
    uint32_t unacknowledged = 0;
    uint32_t unaccepted = 0;
    m_streams.forEach([&](const Stream& stream) {
        checkStream(stream);
        queued += stream.queue.size();
        unread += stream.window.unread;
        grown += stream.window.size - InitialWindow;
        if (stream.ending == Stream::Ending::None) {
            unacknowledged += stream.state.awaitsAck();
            unaccepted += stream.state.awaitsAccept();
        }
    });
    assert(queued == m_queued);
    assert(unread == m_windows.unread());
    assert(grown == m_windows.grown());
    assert(unacknowledged == m_unacknowledged && unaccepted == m_unaccepted);
    assert(unacknowledged <= m_config.backlog && unaccepted <= m_config.backlog);
}

#endif

} // namespace sallyport::mux
