// The streams of a session by id: a hash table with chains through the streams themselves. The last
// stream found is remembered, since calls about one stream come in bursts.
#pragma once

#include "stream.h"

#include <memory>
#include <vector>

namespace sallyport::mux {

class StreamTable
{
public:
    StreamTable();
    ~StreamTable() { clear(); }
    StreamTable(const StreamTable&) = delete;
    StreamTable& operator=(const StreamTable&) = delete;

    Stream* find(StreamId id)
    {
        if (m_last && m_last->id == id)
            return m_last;
        return search(id);
    }
    // Takes ownership; the id must be free.
    Stream& insert(std::unique_ptr<Stream> stream);
    // Destroys the stream.
    void erase(Stream& stream);
    void clear();
    size_t size() const { return m_size; }

    // In no particular order.
    template <typename Visitor>
    void forEach(Visitor&& visit)
    {
        for (Stream* first : m_buckets)
            for (Stream* stream = first; stream; stream = stream->nextInBucket)
                visit(*stream);
    }

private:
    Stream* search(StreamId id);
    size_t bucketOf(StreamId id) const { return (id * m_multiplier) >> m_shift; }
    void growBuckets();

    std::vector<Stream*> m_buckets;
    Stream* m_last = nullptr;
    size_t m_size = 0;
    uint64_t m_multiplier; // odd, and not for the peer to know: it chooses ids
    unsigned m_shift;
};

} // namespace sallyport::mux
