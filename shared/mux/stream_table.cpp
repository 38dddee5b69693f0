#include "stream_table.h"

#include <cassert>

namespace sallyport::mux {

namespace {

constexpr unsigned FirstBucketBits = 4;

// Good enough against a peer that aims at one bucket: where the table lies is not known to it.
uint64_t secretOddNumber(const void* where)
{
    uint64_t x = reinterpret_cast<uintptr_t>(where) + 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return (x ^ (x >> 31)) | 1;
}

} // namespace

StreamTable::StreamTable()
    : m_buckets(size_t{1} << FirstBucketBits),
      m_multiplier(secretOddNumber(this)),
      m_shift(64 - FirstBucketBits)
{}

Stream& StreamTable::insert(std::unique_ptr<Stream> stream)
{
    assert(!search(stream->id));
    if (m_size >= m_buckets.size())
        growBuckets();
    Stream*& first = m_buckets[bucketOf(stream->id)];
    stream->nextInBucket = first;
    first = stream.release();
    m_last = first;
    ++m_size;
    return *first;
}

void StreamTable::erase(Stream& stream)
{
    Stream** link = &m_buckets[bucketOf(stream.id)];
    while (*link != &stream)
        link = &(*link)->nextInBucket;
    *link = stream.nextInBucket;
    if (m_last == &stream)
        m_last = nullptr;
    --m_size;
    delete &stream;
}

void StreamTable::clear()
{
    for (Stream*& first : m_buckets) {
        while (first) {
            Stream* next = first->nextInBucket;
            delete first;
            first = next;
        }
    }
    m_last = nullptr;
    m_size = 0;
}

Stream* StreamTable::search(StreamId id)
{
    for (Stream* stream = m_buckets[bucketOf(id)]; stream; stream = stream->nextInBucket)
        if (stream->id == id)
            return m_last = stream;
    return nullptr;
}

void StreamTable::growBuckets()
{
    std::vector<Stream*> old(m_buckets.size() * 2);
    old.swap(m_buckets);
    --m_shift;
    for (Stream* stream : old) {
        while (stream) {
            Stream* next = stream->nextInBucket;
            Stream*& first = m_buckets[bucketOf(stream->id)];
            stream->nextInBucket = first;
            first = stream;
            stream = next;
        }
    }
}

} // namespace sallyport::mux
