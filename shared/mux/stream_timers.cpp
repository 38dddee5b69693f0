#include "stream_timers.h"

namespace sallyport::mux {

StreamTimers::StreamTimers(const Config& config)
    : m_openTimeout(config.openTimeout), m_closeTimeout(config.closeTimeout)
{}

void StreamTimers::startOpen(Stream& stream, TimePoint now)
{
    stream.timer = Stream::Timer::Open;
    stream.deadline = now + m_openTimeout;
    m_open.pushBack(stream);
}

void StreamTimers::startClose(Stream& stream, TimePoint now)
{
    stop(stream);
    stream.timer = Stream::Timer::Close;
    stream.deadline = now + m_closeTimeout;
    m_close.pushBack(stream);
}

void StreamTimers::touch(Stream& stream, TimePoint now)
{
    if (stream.timer == Stream::Timer::Close && stream.deadline != now + m_closeTimeout)
        startClose(stream, now);
}

void StreamTimers::stop(Stream& stream)
{
    if (stream.timer == Stream::Timer::None)
        return;
    listOf(stream).remove(stream);
    stream.timer = Stream::Timer::None;
}

Stream* StreamTimers::popExpired(TimePoint now)
{
    for (List* list : {&m_open, &m_close}) {
        Stream* first = list->front();
        if (first && first->deadline <= now) {
            list->remove(*first);
            return first;
        }
    }
    return nullptr;
}

std::optional<TimePoint> StreamTimers::nextDeadline() const
{
    std::optional<TimePoint> next;
    for (const List* list : {&m_open, &m_close})
        if (const Stream* first = list->front())
            next = earliest(next, first->deadline);
    return next;
}

void StreamTimers::abandon()
{
    m_open.abandon();
    m_close.abandon();
}

StreamTimers::List& StreamTimers::listOf(const Stream& stream)
{
    return stream.timer == Stream::Timer::Open ? m_open : m_close;
}

} // namespace sallyport::mux
