#include <sallyport/net/deadline.h>
#include <sallyport/net/io_context.h>

namespace sallyport::net {

IoContext::IoContext()
    : m_poller(choosePoller()),
      m_deadlines(std::make_unique<DeadlineQueue>()),
      m_scratch(new std::byte[ScratchSize])
{}

IoContext::~IoContext()
{
    while (!m_retired.empty())
        onTurnEnd();
}

MutableByteView IoContext::secondScratch()
{
    if (!m_secondScratch)
        m_secondScratch.reset(new std::byte[ScratchSize]);
    return {m_secondScratch.get(), ScratchSize};
}

Buffer& IoContext::readBlock()
{
    if (!m_readBlock.unique())
        m_readBlock = m_pool.acquire(BufferPool::LargeBlock);
    return m_readBlock;
}

void IoContext::retire(std::unique_ptr<Retirable> object)
{
    m_retired.push_back(std::move(object));
    poller().atTurnEnd(this);
}

void IoContext::onTurnEnd()
{
    // Destructors may retire further objects.
    std::vector<std::unique_ptr<Retirable>> gone;
    gone.swap(m_retired);
}

} // namespace sallyport::net
