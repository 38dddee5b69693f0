// Appends a frame header to a queue of bytes; it lands behind what was copied there before.
#pragma once

#include <sallyport/base/byte_queue.h>
#include <sallyport/mux/frame.h>

namespace sallyport::mux {

inline void appendHeader(const FrameHeader& header, ByteQueue& out)
{
    const MutableByteView room = out.reserve(HeaderSize);
    if (room.size() >= HeaderSize) {
        encode(header, room.data());
        out.commit(HeaderSize);
        return;
    }
    std::byte bytes[HeaderSize];
    encode(header, bytes);
    out.append(ByteView(bytes));
}

} // namespace sallyport::mux
