// One stream of a link, as its user sees it (link.h).
#include <sallyport/net/link.h>

#include <utility>

namespace sallyport::net {

namespace {
// How long a stream that is to be aborted may wait for its last bytes to leave.
constexpr auto AbortWait = std::chrono::seconds(5);
} // namespace

LinkStream::~LinkStream()
{
    reset();
}

size_t LinkStream::writable()
{
    if (!m_link)
        return 0;
    const size_t room = m_opening ? 0 : m_link->m_session.writable(m_id);
    if (room == 0)
        waitForRoom();
    return room;
}

size_t LinkStream::write(ByteView bytes)
{
    if (!m_link)
        return 0;
    m_link->scheduleFlush();
    const size_t taken = m_opening ? 0 : m_link->m_session.write(m_id, bytes);
    if (taken < bytes.size())
        waitForRoom();
    return taken;
}

size_t LinkStream::write(Slice& slice)
{
    if (!m_link)
        return 0;
    m_link->scheduleFlush();
    const size_t taken = m_opening ? 0 : m_link->m_session.write(m_id, slice);
    if (!slice.empty())
        waitForRoom();
    return taken;
}

void LinkStream::waitForRoom()
{
    if (!m_finished && !std::exchange(m_waits, true))
        ++m_link->m_waiting;
}

void LinkStream::stopWaiting()
{
    if (std::exchange(m_waits, false))
        --m_link->m_waiting;
}

void LinkStream::finish()
{
    if (!m_link)
        return;
    m_finished = true;
    stopWaiting();
    if (m_opening)
        return; // it ends once it is open
    m_link->m_session.finish(m_id);
    m_link->scheduleFlush();
}

void LinkStream::reset()
{
    if (!m_link)
        return;
    Link* link = m_link;
    if (!m_opening)
        link->m_session.reset(m_id);
    link->detach(*this);
    link->scheduleFlush();
    if (!link->m_opening.empty())
        link->m_channel->requestTurn(); // it may have made room for one that waits
}

void LinkStream::abortBehindData()
{
    if (m_opening)
        return reset();
    if (!m_link || std::exchange(m_aborting, true))
        return;
    stopWaiting();
    ++m_link->m_aborting;
    if (!m_link->m_abortBy)
        m_link->m_abortBy = m_link->m_io.now() + AbortWait;
    m_link->scheduleFlush();
}

void LinkStream::consumed(size_t bytes)
{
    if (!m_link || m_opening || bytes == 0)
        return;
    m_link->m_session.consumed(m_id, bytes, m_link->m_io.now());
    m_link->scheduleFlush();
}

void LinkStream::setUrgent()
{
    if (m_link && !m_opening)
        m_link->m_session.setUrgent(m_id);
}

} // namespace sallyport::net
