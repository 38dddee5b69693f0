// Arbitrary bytes, cut into pieces by their own content, through the frame reader: no piece may
// change what is read, and what is read must encode to the same bytes.
#include <sallyport/mux/frame_reader.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

using namespace sallyport;
using namespace sallyport::mux;

namespace {

void require(bool condition)
{
    if (!condition)
        std::abort();
}

// The frames as bytes again; stops at the first error.
std::string readBack(std::string_view bytes, size_t pieceSize)
{
    FrameReader reader;
    std::string back;
    bool inBody = false;
    while (!bytes.empty()) {
        const size_t n = std::min(bytes.size(), pieceSize);
        reader.feed(asBytes(bytes.substr(0, n)));
        bytes.remove_prefix(n);
        while (!reader.inputEmpty()) {
            if (inBody) {
                const ByteView piece = reader.nextBody();
                require(!piece.empty());
                back += asText(piece);
            } else if (const auto header = reader.nextHeader()) {
                if (!*header)
                    return back + toString(header->error());
                std::byte encoded[HeaderSize];
                encode(header->value(), encoded);
                back += asText(encoded);
            }
            inBody = reader.bodyLeft() > 0;
        }
    }
    return back;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size)
{
    if (size < 1)
        return 0;
    const size_t pieceSize = 1 + bytes[0] % 32;
    const std::string_view input(reinterpret_cast<const char*>(bytes + 1), size - 1);
    const std::string whole = readBack(input, input.size() + 1);
    require(readBack(input, pieceSize) == whole);
    // All that was read stands at the beginning of the input; an error's text follows, or less than
    // a header is missing.
    size_t same = 0;
    while (same < whole.size() && same < input.size() && whole[same] == input[same])
        ++same;
    require(same == whole.size() ? input.size() - same < HeaderSize : true);
    return 0;
}
