// What the I/O of one thread shares: its poller, its buffers, its clock, and a place where objects
// that end inside their own callback wait to be destroyed.
//
// Threads: one; make it on the thread whose event loop it serves. Lifetime: longer than everything
// made with it.
#pragma once

#include <sallyport/base/buffer_pool.h>
#include <sallyport/base/clock.h>
#include <sallyport/net/poller.h>

#include <memory>
#include <vector>

namespace sallyport::net {

// Base of what can be handed to IoContext::retire().
class Retirable
{
public:
    virtual ~Retirable() = default;
};

class DeadlineQueue;

class IoContext final : private TurnEndHandler
{
public:
    // One read from a busy socket: large enough that a link's bytes come in few system calls.
    static constexpr size_t ScratchSize = 256 * 1024;

    IoContext();
    ~IoContext() override;
    IoContext(const IoContext&) = delete;
    IoContext& operator=(const IoContext&) = delete;

    Poller& poller() { return *m_poller.poller; }
    BufferPool& pool() { return m_pool; }
    DeadlineQueue& deadlines() { return *m_deadlines; }
    TimePoint now() const { return Clock::now(); }

    // Shared by all reads of the thread: valid until the next read. Two, so that what was decrypted
    // from the first can stand in the second.
    MutableByteView scratch() { return {m_scratch.get(), ScratchSize}; }
    MutableByteView secondScratch();
    // A large block to read into; keep it (std::move) when its bytes are passed on by reference.
    Buffer& readBlock();

    // Destroys the object at the end of the turn.
    void retire(std::unique_ptr<Retirable> object);

private:
    void onTurnEnd() override;

    PollerChoice m_poller;
    BufferPool m_pool;
    std::unique_ptr<DeadlineQueue> m_deadlines;
    std::unique_ptr<std::byte[]> m_scratch;
    std::unique_ptr<std::byte[]> m_secondScratch;
    Buffer m_readBlock;
    std::vector<std::unique_ptr<Retirable>> m_retired;
};

} // namespace sallyport::net
