// Bytes on their way to the control stream, bounded.
#pragma once

#include <sallyport/base/bytes.h>
#include <sallyport/wire/messages.h>

#include <string>
#include <string_view>

namespace sallyport::wire {

class ControlOutput
{
public:
    explicit ControlOutput(size_t limit) : m_limit(limit) {}

    // Encodes and frames. False, and nothing is added, when the limit or a frame's length would be
    // exceeded: the peer does not read.
    bool add(const Message& message);
    // The same for frames that are encoded already.
    bool append(std::string_view frames);

    ByteView bytes() const { return asBytes(std::string_view(m_bytes).substr(m_start)); }
    void consume(size_t n);

private:
    size_t m_limit;
    std::string m_bytes;
    size_t m_start = 0;
};

} // namespace sallyport::wire
