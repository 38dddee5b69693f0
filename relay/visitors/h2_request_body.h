// The body of a request on an HTTP/2 connection, between the visitor and the stream to the agent.
//
// It arrives as bare data and waits here, at most a stream's window of it, until there is room for
// it; then it is framed as the head's text says: as it is, or in chunks.
#pragma once

#include <sallyport/base/byte_queue.h>

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::relay {

class H2RequestBody
{
public:
    // What arrived so far.
    H2RequestBody(BufferPool& pool, std::string_view data, bool ended, std::string trailers);

    // From the visitor.
    void append(ByteView bytes) { m_data.append(bytes); }
    void end(std::string trailers);
    bool hasEnded() const { return m_ended; }
    // Lines "name: value" with CR LF.
    const std::string& trailers() const { return m_trailers; }

    // Held, unframed.
    bool empty() const { return m_data.empty(); }
    size_t size() const { return m_data.size(); }
    ByteView front() const { return m_data.front(); }
    std::string peekText() const { return m_data.peekText(); }
    void consume(size_t bytes) { m_data.consume(bytes); }
    void clear() { m_data.clear(); }

    // --- framed ---
    void useChunks(bool chunked) { m_chunked = chunked; }
    // Texts stand around the data; any of the three may be empty.
    struct Piece
    {
        std::string before;
        Slice data;
        std::string_view after;
    };
    // What comes next, with at most `room` bytes of data. Nothing while there is none, and once all
    // was given.
    std::optional<Piece> next(size_t room);

private:
    ByteQueue m_data;
    std::string m_trailers;
    bool m_ended;
    bool m_chunked = false;
    bool m_endGiven = false;
};

} // namespace sallyport::relay
