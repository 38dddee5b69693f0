#include "capture_ring.h"

#include <new>
#include <utility>

namespace sallyport::inspect {

namespace {

// Where the ring has been emptied beyond it, it begins again at its start.
constexpr size_t SmallRing = 1024 * 1024;

// What stands before the texts of an event, or before a part that is left out.
struct alignas(16) Frame
{
    size_t size = 0; // with the texts
    bool leftOut = false;
};

struct alignas(16) EventFrame : Frame
{
    CaptureEvent event;
};

constexpr size_t roundedUp(size_t size)
{
    return (size + alignof(Frame) - 1) / alignof(Frame) * alignof(Frame);
}

} // namespace

// Not set to anything: memory that is never used is not taken.
CaptureRing::CaptureRing() : m_bytes(new std::byte[Size])
{
    static_assert(Size % alignof(Frame) == 0 && sizeof(Frame) == alignof(Frame));
}

CaptureRing::~CaptureRing()
{
    while (front())
        pop();
}

std::byte* CaptureRing::at(uint64_t bytes) const
{
    return m_bytes.get() + (bytes - m_start.load(std::memory_order_relaxed)) % Size;
}

bool CaptureRing::push(CaptureEvent& event)
{
    const size_t size = roundedUp(sizeof(EventFrame) + textSize(event.event));
    uint64_t filled = m_filled.bytes.load(std::memory_order_relaxed);
    const uint64_t emptied = m_emptied.bytes.load(std::memory_order_acquire);
    // The other thread has nothing to look at, until it sees m_filled again.
    if (filled == emptied && at(filled) >= m_bytes.get() + SmallRing)
        m_start.store(filled, std::memory_order_relaxed);
    const size_t untilEnd = size_t(m_bytes.get() + Size - at(filled));
    const size_t leftOut = size > untilEnd ? untilEnd : 0;
    if (filled - emptied + leftOut + size > Size || isOver(Slots))
        return false;
    if (leftOut > 0) {
        new (at(filled)) Frame{leftOut, true};
        filled += leftOut;
    }
    std::byte* place = at(filled);
    auto* frame = new (place) EventFrame{{size, false}, std::move(event)};
    moveTexts(frame->event.event, reinterpret_cast<char*>(place + sizeof(EventFrame)));
    m_filled.count.store(m_filled.count.load(std::memory_order_relaxed) + 1,
                         std::memory_order_relaxed);
    m_filled.bytes.store(filled + size, std::memory_order_release);
    return true;
}

CaptureEvent* CaptureRing::front()
{
    const uint64_t filled = m_filled.bytes.load(std::memory_order_acquire);
    uint64_t emptied = m_emptied.bytes.load(std::memory_order_relaxed);
    while (emptied != filled) {
        auto* frame = reinterpret_cast<Frame*>(at(emptied));
        if (!frame->leftOut)
            return &static_cast<EventFrame*>(frame)->event;
        emptied += frame->size;
        m_emptied.bytes.store(emptied, std::memory_order_release);
    }
    return nullptr;
}

void CaptureRing::pop()
{
    const uint64_t emptied = m_emptied.bytes.load(std::memory_order_relaxed);
    auto* frame = reinterpret_cast<EventFrame*>(at(emptied));
    const size_t size = frame->size;
    frame->~EventFrame();
    m_emptied.count.store(m_emptied.count.load(std::memory_order_relaxed) + 1,
                          std::memory_order_relaxed);
    m_emptied.bytes.store(emptied + size, std::memory_order_release);
}

} // namespace sallyport::inspect
