#include <sallyport/wire/control_line.h>
#include <sallyport/wire/message_codec.h>

#include <utility>

namespace sallyport::wire {

ControlLine::ControlLine(size_t inputBytes, size_t outputBytes)
    : m_reader(inputBytes), m_output(outputBytes)
{}

void ControlLine::receive(ByteView bytes)
{
    if (!m_isOver)
        m_reader.feed(bytes);
}

void ControlLine::post(const Message& message)
{
    if (!m_isOver && !m_output.add(message))
        end(ControlEnd::TooMuchOutput, std::string(typeText(message)));
}

void ControlLine::post(ByteView frames)
{
    if (!m_isOver && !m_output.append(asText(frames)))
        end(ControlEnd::TooMuchOutput, {});
}

void ControlLine::end(ControlEnd reason, std::string detail)
{
    if (std::exchange(m_isOver, true))
        return;
    m_ended = ControlEnded{reason, std::move(detail)};
}

std::optional<ControlEnded> ControlLine::takeEnd()
{
    if (m_peerClosed)
        end(ControlEnd::Closed, {});
    return std::exchange(m_ended, std::nullopt);
}

} // namespace sallyport::wire
