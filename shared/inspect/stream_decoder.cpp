#include "stream_decoder.h"

#include "text.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <string>

namespace sallyport::inspect {

namespace {

class Inflater final : public StreamDecoder
{
public:
    Inflater() { m_open = inflateInit2(&m_stream, 15 + 32) == Z_OK; } // gzip or zlib, by its header
    ~Inflater() override { inflateEnd(&m_stream); }

private:
    size_t step(std::string_view& bytes, char* block, size_t room, bool& failed) override
    {
        m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        m_stream.avail_in = uInt(bytes.size());
        m_stream.next_out = reinterpret_cast<Bytef*>(block);
        m_stream.avail_out = uInt(room);
        const int state = m_open ? inflate(&m_stream, Z_SYNC_FLUSH) : Z_STREAM_ERROR;
        bytes.remove_prefix(bytes.size() - m_stream.avail_in);
        failed = state != Z_OK && state != Z_BUF_ERROR; // its end is one, too: nothing follows
        return room - m_stream.avail_out;
    }

    z_stream m_stream{};
    bool m_open = false;
};

class Brotli final : public StreamDecoder
{
    size_t step(std::string_view& bytes, char* block, size_t room, bool& failed) override
    {
        size_t left = bytes.size(), free = room;
        const auto* next = reinterpret_cast<const uint8_t*>(bytes.data());
        auto* out = reinterpret_cast<uint8_t*>(block);
        const auto result =
            BrotliDecoderDecompressStream(m_state.get(), &left, &next, &free, &out, nullptr);
        bytes.remove_prefix(bytes.size() - left);
        failed = result == BROTLI_DECODER_RESULT_ERROR || result == BROTLI_DECODER_RESULT_SUCCESS;
        return room - free;
    }

    std::unique_ptr<BrotliDecoderState, void (*)(BrotliDecoderState*)> m_state{
        BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance};
};

class Zstd final : public StreamDecoder
{
public:
    Zstd() { ZSTD_DCtx_setParameter(m_context.get(), ZSTD_d_windowLogMax, 23); } // RFC 9659

private:
    size_t step(std::string_view& bytes, char* block, size_t room, bool& failed) override
    {
        ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
        ZSTD_outBuffer output{block, room, 0};
        failed = ZSTD_isError(ZSTD_decompressStream(m_context.get(), &output, &input)) != 0;
        bytes.remove_prefix(input.pos);
        return output.pos;
    }

    std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> m_context{ZSTD_createDCtx(), ZSTD_freeDCtx};
};

} // namespace

std::unique_ptr<StreamDecoder> StreamDecoder::forCoding(std::string_view coding)
{
    const std::string name = lowered(trimmed(coding));
    if (name == "gzip" || name == "x-gzip" || name == "deflate")
        return std::make_unique<Inflater>();
    if (name == "br")
        return std::make_unique<Brotli>();
    if (name == "zstd")
        return std::make_unique<Zstd>();
    return nullptr;
}

bool StreamDecoder::feed(std::string_view bytes, const Output& output)
{
    std::array<char, 16 * 1024> block;
    size_t made = 0;
    while (!m_failed) {
        const size_t before = bytes.size();
        made = step(bytes, block.data(), block.size(), m_failed);
        m_total += made;
        if (m_total > TotalLimit)
            m_failed = true;
        else if (made > 0)
            output({block.data(), made});
        if (made == 0 && bytes.size() == before)
            break; // it wants more than there is
    }
    return !m_failed;
}

} // namespace sallyport::inspect
