#include <sallyport/wire/sha1.h>

#include <bit>
#include <cstdint>
#include <cstring>

namespace sallyport::wire {

namespace {

using State = std::array<uint32_t, 5>;
constexpr size_t BlockSize = 64;

void addBlock(State& state, const std::byte* block)
{
    std::array<uint32_t, 80> w;
    for (size_t i = 0; i < 16; ++i)
        w[i] = readU32(block + 4 * i);
    for (size_t i = 16; i < 80; ++i)
        w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);

    auto [a, b, c, d, e] = state;
    for (size_t i = 0; i < 80; ++i) {
        uint32_t f = 0, k = 0;
        if (i < 20) {
            f = (b & c) | (~b & d);
            k = 0x5a827999;
        } else if (i < 40) {
            f = b ^ c ^ d;
            k = 0x6ed9eba1;
        } else if (i < 60) {
            f = (b & c) | (b & d) | (c & d);
            k = 0x8f1bbcdc;
        } else {
            f = b ^ c ^ d;
            k = 0xca62c1d6;
        }
        const uint32_t next = std::rotl(a, 5) + f + e + k + w[i];
        e = d;
        d = c;
        c = std::rotl(b, 30);
        b = a;
        a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
}

} // namespace

std::array<std::byte, 20> sha1(ByteView bytes)
{
    State state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    const uint64_t bits = static_cast<uint64_t>(bytes.size()) * 8;
    while (bytes.size() >= BlockSize) {
        addBlock(state, bytes.data());
        bytes = bytes.subspan(BlockSize);
    }

    // Section 4: a one bit, zeros, and the length in bits, to the end of a block.
    std::array<std::byte, 2 * BlockSize> tail{};
    if (!bytes.empty())
        std::memcpy(tail.data(), bytes.data(), bytes.size());
    tail[bytes.size()] = std::byte{0x80};
    const size_t tailSize = bytes.size() + 9 <= BlockSize ? BlockSize : 2 * BlockSize;
    writeU32(tail.data() + tailSize - 8, static_cast<uint32_t>(bits >> 32));
    writeU32(tail.data() + tailSize - 4, static_cast<uint32_t>(bits));
    for (size_t i = 0; i < tailSize; i += BlockSize)
        addBlock(state, tail.data() + i);

    std::array<std::byte, 20> digest;
    for (size_t i = 0; i < state.size(); ++i)
        writeU32(digest.data() + 4 * i, state[i]);
    return digest;
}

} // namespace sallyport::wire
