// What both ends of the control stream have in common: frames in, messages out, and an end that is
// told once. Which message may come when is theirs: AgentControl, RelayControl.
//
// Pure, as they are.
#pragma once

#include <sallyport/wire/control_end.h>
#include <sallyport/wire/control_frame.h>
#include <sallyport/wire/control_output.h>

#include <optional>
#include <string>

namespace sallyport::wire {

class ControlLine
{
public:
    // Bytes that may be held in each direction.
    ControlLine(size_t inputBytes, size_t outputBytes);

    // Ignored after the end.
    void receive(ByteView bytes);
    // FIN or reset of the stream. What came before it still counts: see takeEnd().
    void receiveEnd() { m_peerClosed = true; }
    Result<std::optional<std::string_view>, FrameError> nextFrame() { return m_reader.next(); }

    // Ignored after the end. A peer that does not read its messages is the end.
    void post(const Message& message);
    // The same for frames that are encoded already.
    void post(ByteView frames);

    // The first one counts.
    void end(ControlEnd reason, std::string detail);
    bool ended() const { return m_isOver; }
    // Once, for whoever has no frame left to read.
    std::optional<ControlEnded> takeEnd();

    ByteView output() const { return m_output.bytes(); }
    void consumeOutput(size_t n) { m_output.consume(n); }

private:
    ControlReader m_reader;
    ControlOutput m_output;
    bool m_peerClosed = false;
    bool m_isOver = false;
    std::optional<ControlEnded> m_ended; // not yet handed out
};

} // namespace sallyport::wire
