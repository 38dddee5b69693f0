#include "visitors/h2_request_body.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace sallyport::relay {

H2RequestBody::H2RequestBody(BufferPool& pool, std::string_view data, bool ended,
                             std::string trailers)
    : m_data(pool), m_trailers(std::move(trailers)), m_ended(ended)
{
    m_data.append(asBytes(data));
}

void H2RequestBody::end(std::string trailers)
{
    m_ended = true;
    m_trailers = std::move(trailers);
}

std::optional<H2RequestBody::Piece> H2RequestBody::next(size_t room)
{
    Piece piece;
    if (m_data.empty()) {
        if (!m_ended || !m_chunked || std::exchange(m_endGiven, true))
            return std::nullopt;
        piece.before = "0\r\n" + m_trailers + "\r\n";
        return piece;
    }
    piece.data = m_data.takeFront(std::min<size_t>(room, BufferPool::LargeBlock));
    if (m_chunked) {
        std::array<char, 20> line;
        const int size = std::snprintf(line.data(), line.size(), "%zx\r\n", piece.data.size());
        piece.before.assign(line.data(), size_t(size));
        piece.after = "\r\n";
    }
    return piece;
}

} // namespace sallyport::relay
