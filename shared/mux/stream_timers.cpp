#include "stream_timers.h"

namespace sallyport::mux {

StreamTimers::StreamTimers(const Config& config, TimePoint now)
    : m_openTimeout(config.openTimeout), m_closeTimeout(config.closeTimeout), m_now(now)
{}

void StreamTimers::advance(TimePoint now)
{
    m_now = now;
    while (Stream* stream = m_fresh.popFront())
        runClose(*stream, now);
}

void StreamTimers::startOpen(Stream& stream, TimePoint now)
{
    stream.timer = Stream::Timer::Open;
    stream.deadline = now + m_openTimeout;
    m_open.pushBack(stream);
}

void StreamTimers::startClose(Stream& stream)
{
    stop(stream);
    stream.timer = Stream::Timer::FreshClose;
    m_fresh.pushBack(stream);
}

void StreamTimers::runClose(Stream& stream, TimePoint now)
{
    stream.timer = Stream::Timer::Close;
    stream.deadline = now + m_closeTimeout;
    m_close.pushBack(stream);
}

void StreamTimers::touch(Stream& stream, TimePoint now)
{
    if (stream.timer != Stream::Timer::Close || stream.deadline == now + m_closeTimeout)
        return;
    m_close.remove(stream);
    runClose(stream, now);
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
    // Soon, to be told the time. A busy session hears of it before by other calls.
    if (!m_fresh.empty())
        next = earliest(next, m_now + CloseSlack);
    return next;
}

void StreamTimers::abandon()
{
    m_open.abandon();
    m_fresh.abandon();
    m_close.abandon();
}

StreamTimers::List& StreamTimers::listOf(const Stream& stream)
{
    switch (stream.timer) {
    case Stream::Timer::Open:
        return m_open;
    case Stream::Timer::FreshClose:
        return m_fresh;
    case Stream::Timer::Close:
    case Stream::Timer::None:
        break;
    }
    return m_close;
}

} // namespace sallyport::mux
