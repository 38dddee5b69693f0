#include "message_inflater.h"

#include <zlib.h>

#include <algorithm>
#include <array>

namespace sallyport::inspect {

namespace {
// What one message may grow to before it is given up.
constexpr uint64_t InflatedLimit = 16 * 1024 * 1024;
} // namespace

MessageInflater::MessageInflater() : m_stream(std::make_unique<z_stream>())
{
    *m_stream = {};
    m_broken = inflateInit2(m_stream.get(), -15) != Z_OK;
}

MessageInflater::~MessageInflater()
{
    inflateEnd(m_stream.get());
}

std::optional<std::string> MessageInflater::inflate(std::string_view message, size_t limit,
                                                    uint64_t& size)
{
    if (m_broken)
        return std::nullopt;
    std::string input(message);
    input.append("\x00\x00\xff\xff", 4); // section 7.2.2
    m_stream->next_in = reinterpret_cast<Bytef*>(input.data());
    m_stream->avail_in = uInt(input.size());
    std::string result;
    std::array<char, 16 * 1024> block;
    size = 0;
    do {
        m_stream->next_out = reinterpret_cast<Bytef*>(block.data());
        m_stream->avail_out = uInt(block.size());
        const int state = ::inflate(m_stream.get(), Z_SYNC_FLUSH);
        const size_t made = block.size() - m_stream->avail_out;
        size += made;
        result.append(block.data(), std::min(made, limit - std::min(limit, result.size())));
        if (state != Z_OK && state != Z_BUF_ERROR) {
            m_broken = true;
            if (state != Z_STREAM_END)
                return std::nullopt;
            break;
        }
        if (state == Z_BUF_ERROR)
            break; // it wants more than there is
        if (size > InflatedLimit) {
            m_broken = true;
            return std::nullopt;
        }
    } while (m_stream->avail_out == 0 || m_stream->avail_in > 0);
    return result;
}

} // namespace sallyport::inspect
