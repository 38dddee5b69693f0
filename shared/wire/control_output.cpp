#include <sallyport/wire/control_frame.h>
#include <sallyport/wire/control_output.h>
#include <sallyport/wire/message_codec.h>

#include <algorithm>
#include <cassert>

namespace sallyport::wire {

bool ControlOutput::add(const Message& message)
{
    const std::string json = encodeMessage(message);
    if (json.size() > MaxControlFrame)
        return false;
    return append(encodeControlFrame(json));
}

bool ControlOutput::append(std::string_view frames)
{
    if (bytes().size() + frames.size() > m_limit)
        return false;
    m_bytes.erase(0, m_start);
    m_start = 0;
    m_bytes.append(frames);
    return true;
}

void ControlOutput::consume(size_t n)
{
    assert(n <= bytes().size());
    // A hello carries a token: it shall not lie about in memory longer than needed.
    std::fill_n(m_bytes.begin() + static_cast<std::ptrdiff_t>(m_start), n, '\0');
    m_start += n;
    if (m_start == m_bytes.size()) {
        m_bytes.clear();
        m_start = 0;
    }
}

} // namespace sallyport::wire
