#include <sallyport/base/buffer_pool.h>

#include <new>

namespace sallyport {

namespace detail {

struct PoolCore
{
    Block* freeSmall = nullptr;
    Block* freeLarge = nullptr;
    size_t keepFreeBytes = 0;
    size_t freeBytes = 0;
    size_t usedBytes = 0;
    bool orphaned = false; // the BufferPool is gone; the last block deletes the core

    Block*& freeList(size_t capacity)
    {
        return capacity == BufferPool::LargeBlock ? freeLarge : freeSmall;
    }
};

static void freeAll(Block* list)
{
    while (list)
        ::operator delete(std::exchange(list, list->nextFree));
}

void releaseBlock(Block* block) noexcept
{
    PoolCore* core = block->pool;
    core->usedBytes -= block->capacity;
    if (!core->orphaned && core->freeBytes + block->capacity <= core->keepFreeBytes) {
        Block*& list = core->freeList(block->capacity);
        block->nextFree = list;
        list = block;
        core->freeBytes += block->capacity;
        return;
    }
    ::operator delete(block);
    if (core->orphaned && core->usedBytes == 0)
        delete core;
}

} // namespace detail

BufferPool::BufferPool(size_t keepFreeBytes) : m_core(new detail::PoolCore)
{
    m_core->keepFreeBytes = keepFreeBytes;
}

BufferPool::~BufferPool()
{
    detail::freeAll(m_core->freeSmall);
    detail::freeAll(m_core->freeLarge);
    m_core->orphaned = true;
    if (m_core->usedBytes == 0)
        delete m_core;
}

Buffer BufferPool::acquire(size_t wanted)
{
    const size_t capacity = wanted > SmallBlock ? LargeBlock : SmallBlock;
    detail::Block*& list = m_core->freeList(capacity);
    detail::Block* block = list;
    if (block) {
        list = block->nextFree;
        m_core->freeBytes -= capacity;
    } else {
        block = static_cast<detail::Block*>(::operator new(sizeof(detail::Block) + capacity));
        block->pool = m_core;
        block->capacity = static_cast<uint32_t>(capacity);
    }
    block->references = 1;
    block->nextFree = nullptr;
    m_core->usedBytes += capacity;
    return Buffer(block);
}

size_t BufferPool::bytesInUse() const
{
    return m_core->usedBytes;
}
size_t BufferPool::bytesFree() const
{
    return m_core->freeBytes;
}

} // namespace sallyport
