#include <sallyport/base/byte_queue.h>

#include <algorithm>
#include <cassert>
#include <cstring>

namespace sallyport {

void ByteQueue::append(ByteView bytes)
{
    while (!bytes.empty()) {
        MutableByteView room = reserve(bytes.size());
        const size_t n = std::min(room.size(), bytes.size());
        std::memcpy(room.data(), bytes.data(), n);
        commit(n);
        bytes = bytes.subspan(n);
    }
}

void ByteQueue::append(Slice slice)
{
    if (slice.size() <= CopyLimit)
        append(slice.view());
    else
        pushBack(std::move(slice));
}

void ByteQueue::moveFrom(ByteQueue& other, size_t n)
{
    while (n > 0 && !other.empty()) {
        Slice piece = other.takeFront(n);
        n -= piece.size();
        append(std::move(piece));
    }
}

MutableByteView ByteQueue::reserve(size_t wanted)
{
    if (!m_tail || m_tailUsed == m_tail.capacity()) {
        m_tail = m_pool->acquire(wanted);
        m_tailUsed = 0;
    }
    return m_tail.space().subspan(m_tailUsed);
}

void ByteQueue::commit(size_t n)
{
    assert(m_tail && m_tailUsed + n <= m_tail.capacity());
    if (n == 0)
        return;
    const std::byte* start = m_tail.data() + m_tailUsed;
    Slice* last = pieces() == 0 ? nullptr : &m_slices.back();
    if (last && last->data() + last->size() == start)
        last->m_size += n;
    else
        m_slices.push_back(Slice(m_tail, m_tailUsed, n));
    m_tailUsed += n;
    m_size += n;
}

void ByteQueue::consume(size_t n)
{
    assert(n <= m_size);
    m_size -= n;
    while (n > 0) {
        Slice& first = m_slices[m_head];
        if (n < first.size()) {
            first.removePrefix(n);
            return;
        }
        n -= first.size();
        popFront();
    }
}

Slice ByteQueue::takeFront(size_t n)
{
    assert(!empty());
    Slice& first = m_slices[m_head];
    if (n < first.size()) {
        m_size -= n;
        return first.takePrefix(n);
    }
    Slice whole = std::move(first);
    m_size -= whole.size();
    popFront();
    return whole;
}

void ByteQueue::clear()
{
    m_slices = {};
    m_head = 0;
    m_size = 0;
    m_tail = Buffer();
    m_tailUsed = 0;
}

std::string ByteQueue::peekText(size_t n) const
{
    std::string text;
    forEachPiece([&](ByteView piece) {
        text.append(asText(piece.first(std::min(piece.size(), n - text.size()))));
        return text.size() < n;
    });
    return text;
}

void ByteQueue::popFront()
{
    m_slices[m_head++] = Slice();
    if (m_head == m_slices.size()) {
        // Keep the small vector of a busy queue, but let a burst's go.
        if (m_slices.capacity() > 16)
            m_slices = {};
        else
            m_slices.clear();
        m_head = 0;
        m_tail = Buffer();
        m_tailUsed = 0;
    } else if (m_head >= 64 && m_head * 2 >= m_slices.size()) {
        m_slices.erase(m_slices.begin(), m_slices.begin() + static_cast<std::ptrdiff_t>(m_head));
        m_head = 0;
    }
}

void ByteQueue::pushBack(Slice slice)
{
    if (slice.empty())
        return;
    m_size += slice.size();
    m_slices.push_back(std::move(slice));
}

} // namespace sallyport
