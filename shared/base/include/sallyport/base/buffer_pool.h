// Pooled blocks of memory, and reference-counted views of them.
//
// A connection owns no buffer while it is idle: it takes a block when bytes arrive and gives it
// back when they are gone. Blocks come in two sizes, so that a few queued bytes do not pin a large
// one.
//
// Threads: a pool and every block and slice of it belong to one thread (counts are not atomic).
// Lifetime: slices may outlive the pool; the last one frees what is left.
#pragma once

#include <sallyport/base/bytes.h>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace sallyport {

class BufferPool;

namespace detail {
struct PoolCore;
struct Block
{
    PoolCore* pool;
    uint32_t references;
    uint32_t capacity;
    Block* nextFree;
    std::byte* data() { return reinterpret_cast<std::byte*>(this + 1); }
};
void releaseBlock(Block* block) noexcept;
} // namespace detail

// Shared ownership of one block. Empty by default.
class Buffer
{
public:
    Buffer() = default;
    Buffer(const Buffer& other) noexcept : m_block(other.m_block)
    {
        if (m_block)
            ++m_block->references;
    }
    Buffer(Buffer&& other) noexcept : m_block(std::exchange(other.m_block, nullptr)) {}
    Buffer& operator=(Buffer other) noexcept
    {
        std::swap(m_block, other.m_block);
        return *this;
    }
    ~Buffer()
    {
        if (m_block && --m_block->references == 0)
            detail::releaseBlock(m_block);
    }

    explicit operator bool() const { return m_block != nullptr; }
    std::byte* data() const { return m_block->data(); }
    size_t capacity() const { return m_block ? m_block->capacity : 0; }
    MutableByteView space() const { return {data(), capacity()}; }
    // True when no other Buffer or Slice refers to the block: its bytes may be written.
    bool unique() const { return m_block && m_block->references == 1; }

private:
    friend class BufferPool;
    explicit Buffer(detail::Block* block) noexcept : m_block(block) {}
    detail::Block* m_block = nullptr;
};

// A range of bytes inside a block, keeping the block alive.
class Slice
{
public:
    Slice() = default;
    Slice(Buffer buffer, size_t offset, size_t size)
        : m_data(buffer.data() + offset), m_size(size), m_buffer(std::move(buffer))
    {}

    const std::byte* data() const { return m_data; }
    size_t size() const { return m_size; }
    bool empty() const { return m_size == 0; }
    ByteView view() const { return {m_data, m_size}; }
    const Buffer& buffer() const { return m_buffer; }

    void removePrefix(size_t n)
    {
        m_data += n;
        m_size -= n;
    }
    // The first n bytes as their own slice; they leave this one.
    Slice takePrefix(size_t n)
    {
        Slice head = *this;
        head.m_size = n;
        removePrefix(n);
        return head;
    }

private:
    friend class ByteQueue;
    const std::byte* m_data = nullptr;
    size_t m_size = 0;
    Buffer m_buffer;
};

class BufferPool
{
public:
    static constexpr size_t SmallBlock = 4 * 1024;
    static constexpr size_t LargeBlock = 64 * 1024;

    // At most this many unused bytes are kept for reuse; the rest goes back to the system.
    explicit BufferPool(size_t keepFreeBytes = 4 * 1024 * 1024);
    BufferPool(const BufferPool&) = delete;
    BufferPool& operator=(const BufferPool&) = delete;
    ~BufferPool();

    // A block of LargeBlock bytes when `wanted` exceeds SmallBlock, else of SmallBlock bytes.
    Buffer acquire(size_t wanted);

    size_t bytesInUse() const;
    size_t bytesFree() const;

private:
    detail::PoolCore* m_core;
};

} // namespace sallyport
