#include "text.h"

#include <sallyport/inspect/decode.h>

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

namespace sallyport::inspect {

namespace {

constexpr size_t BlockSize = 64 * 1024;
constexpr size_t MaxCodings = 5;

// False when the limit is reached: there is more.
bool keep(Decoded& decoded, const char* bytes, size_t size, size_t limit)
{
    const size_t taken = std::min(size, limit - decoded.bytes.size());
    decoded.bytes.append(bytes, taken);
    decoded.cut = taken < size;
    return !decoded.cut;
}

Decoded inflateAll(std::string_view bytes, size_t limit, int windowBits, const char* name)
{
    Decoded decoded;
    z_stream stream{};
    if (inflateInit2(&stream, windowBits) != Z_OK) {
        decoded.problem = "out of memory";
        return decoded;
    }
    const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, inflateEnd);
    std::array<char, BlockSize> block;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = uInt(bytes.size());
    for (;;) {
        stream.next_out = reinterpret_cast<Bytef*>(block.data());
        stream.avail_out = uInt(block.size());
        const int state = inflate(&stream, Z_NO_FLUSH);
        const size_t made = block.size() - stream.avail_out;
        if (!keep(decoded, block.data(), made, limit))
            return decoded;
        if (state == Z_STREAM_END) {
            // gzip: further members may follow.
            if (stream.avail_in == 0 || windowBits < 16 || inflateReset(&stream) != Z_OK)
                return decoded;
        } else if (state != Z_OK || (made == 0 && stream.avail_in == 0)) {
            const bool ended = state == Z_BUF_ERROR || state == Z_OK;
            decoded.problem =
                std::string(name) + (ended ? ": the data end too early" : ": the data are damaged");
            return decoded;
        }
    }
}

// RFC 9110 section 8.4.1.2 means zlib's format; some servers send bare deflate.
Decoded inflateDeflate(std::string_view bytes, size_t limit)
{
    Decoded decoded = inflateAll(bytes, limit, 15, "deflate");
    if (!decoded.problem.empty() && decoded.bytes.empty())
        return inflateAll(bytes, limit, -15, "deflate");
    return decoded;
}

Decoded decodeBrotli(std::string_view bytes, size_t limit)
{
    Decoded decoded;
    const std::unique_ptr<BrotliDecoderState, void (*)(BrotliDecoderState*)> state(
        BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance);
    std::array<char, BlockSize> block;
    size_t left = bytes.size();
    const auto* next = reinterpret_cast<const uint8_t*>(bytes.data());
    for (;;) {
        size_t room = block.size();
        auto* out = reinterpret_cast<uint8_t*>(block.data());
        const BrotliDecoderResult result =
            BrotliDecoderDecompressStream(state.get(), &left, &next, &room, &out, nullptr);
        if (!keep(decoded, block.data(), block.size() - room, limit) ||
            result == BROTLI_DECODER_RESULT_SUCCESS)
            return decoded;
        if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT)
            continue;
        decoded.problem = result == BROTLI_DECODER_RESULT_ERROR ? "br: the data are damaged"
                                                                : "br: the data end too early";
        return decoded;
    }
}

Decoded decodeZstd(std::string_view bytes, size_t limit)
{
    Decoded decoded;
    const std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(),
                                                                     ZSTD_freeDCtx);
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, 23); // 8 MiB, RFC 9659
    std::array<char, BlockSize> block;
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    size_t wanted = 1;
    bool full = false;
    while (input.pos < input.size || full) {
        ZSTD_outBuffer output{block.data(), block.size(), 0};
        wanted = ZSTD_decompressStream(context.get(), &output, &input);
        if (ZSTD_isError(wanted)) {
            decoded.problem = "zstd: the data are damaged";
            return decoded;
        }
        if (!keep(decoded, block.data(), output.pos, limit))
            return decoded;
        full = output.pos == output.size && wanted != 0;
    }
    if (wanted != 0)
        decoded.problem = "zstd: the data end too early";
    return decoded;
}

Decoded decodeOne(const std::string& coding, std::string_view bytes, size_t limit)
{
    if (coding == "gzip" || coding == "x-gzip")
        return inflateAll(bytes, limit, 15 + 16, "gzip");
    if (coding == "deflate")
        return inflateDeflate(bytes, limit);
    if (coding == "br")
        return decodeBrotli(bytes, limit);
    if (coding == "zstd")
        return decodeZstd(bytes, limit);
    Decoded decoded;
    keep(decoded, bytes.data(), bytes.size(), limit);
    if (coding != "identity")
        decoded.problem = "the content coding \"" + coding + "\" is not known";
    return decoded;
}

} // namespace

Decoded decodeContent(std::string_view encoding, std::string_view bytes, size_t limit)
{
    std::vector<std::string> codings;
    while (!encoding.empty()) {
        const size_t comma = std::min(encoding.find(','), encoding.size());
        const std::string coding = lowered(trimmed(encoding.substr(0, comma)));
        if (!coding.empty())
            codings.push_back(coding);
        encoding.remove_prefix(std::min(comma + 1, encoding.size()));
    }
    Decoded decoded;
    if (bytes.empty())
        return decoded;
    if (codings.empty())
        codings.emplace_back("identity");
    if (codings.size() > MaxCodings) {
        decoded.problem = "more content codings than make sense";
        return decoded;
    }
    // The last one applied is the first to be undone.
    decoded = decodeOne(codings.back(), bytes, limit);
    for (size_t i = codings.size() - 1; i-- > 0 && decoded.problem.empty() && !decoded.cut;) {
        const std::string inner = std::move(decoded.bytes);
        decoded = decodeOne(codings[i], inner, limit);
    }
    return decoded;
}

} // namespace sallyport::inspect
