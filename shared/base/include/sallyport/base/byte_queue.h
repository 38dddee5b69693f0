// A first-in, first-out queue of bytes, kept as slices of pooled blocks.
//
// Small pieces are copied behind one another into a block that only the queue holds; large ones are
// taken over without a copy. The front can be handed to writev() as it stands. The queue has no
// limit of its own: whoever fills it checks size() against theirs.
//
// Threads: that of its pool.
#pragma once

#include <sallyport/base/buffer_pool.h>

#include <string>
#include <vector>

namespace sallyport {

class ByteQueue
{
public:
    // Pieces up to this size are copied rather than referenced.
    static constexpr size_t CopyLimit = 2 * 1024;

    explicit ByteQueue(BufferPool& pool) : m_pool(&pool) {}

    size_t size() const { return m_size; }
    bool empty() const { return m_size == 0; }
    size_t pieces() const { return m_slices.size() - m_head; }

    // Copies.
    void append(ByteView bytes);
    // Takes a reference when the slice is large, copies when it is small.
    void append(Slice slice);
    // Moves the first n bytes of the other queue to the end of this one.
    void moveFrom(ByteQueue& other, size_t n);

    // Room for at least one byte at the tail, to be filled by recv() or SSL_read(); commit() adds
    // what was filled. Nothing else may be called on the queue in between.
    MutableByteView reserve(size_t wanted);
    void commit(size_t n);

    // Visits the front pieces in order until the visitor returns false.
    template <typename Visitor>
    void forEachPiece(Visitor&& visit) const
    {
        for (size_t i = m_head; i < m_slices.size(); ++i)
            if (!visit(m_slices[i].view()))
                return;
    }
    ByteView front() const { return pieces() == 0 ? ByteView() : m_slices[m_head].view(); }
    void consume(size_t n);
    // Removes and returns the first piece, at most n bytes of it.
    Slice takeFront(size_t n);
    void clear();
    // Copies the first n bytes (all when fewer) without consuming them; for tests and small heads.
    std::string peekText(size_t n = static_cast<size_t>(-1)) const;

    BufferPool& pool() const { return *m_pool; }

private:
    void popFront();
    void pushBack(Slice slice);

    BufferPool* m_pool;
    // A vector with a head index: an empty queue owns no memory at all.
    std::vector<Slice> m_slices;
    size_t m_head = 0;
    size_t m_size = 0;
    // The block that small pieces are copied to. Only this queue writes to it, behind m_tailUsed,
    // so slices of its front may be shared.
    Buffer m_tail;
    size_t m_tailUsed = 0;
};

} // namespace sallyport
