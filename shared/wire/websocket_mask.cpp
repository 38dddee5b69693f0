#include "websocket_mask.h"

#include <sallyport/wire/websocket.h>

#include <cstring>

namespace sallyport::wire {

void maskCopy(std::byte* to, ByteView from, const std::array<std::byte, 4>& mask, size_t offset)
{
    // The mask, turned so that it begins at `offset`, twice: one word masks eight bytes, and as
    // eight is a multiple of four every word takes the same.
    std::array<std::byte, 8> turned;
    for (size_t i = 0; i < turned.size(); ++i)
        turned[i] = mask[(offset + i) & 3];
    uint64_t key = 0;
    std::memcpy(&key, turned.data(), sizeof key);

    const size_t words = from.size() / sizeof key;
    for (size_t i = 0; i < words; ++i) {
        uint64_t word = 0;
        std::memcpy(&word, from.data() + i * sizeof key, sizeof key);
        word ^= key;
        std::memcpy(to + i * sizeof key, &word, sizeof key);
    }
    for (size_t i = words * sizeof key; i < from.size(); ++i)
        to[i] = from[i] ^ turned[i & 7];
}

void applyMask(MutableByteView bytes, const std::array<std::byte, 4>& mask, size_t offset)
{
    maskCopy(bytes.data(), bytes, mask, offset);
}

} // namespace sallyport::wire
