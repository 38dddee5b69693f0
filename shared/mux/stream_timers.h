// Which stream has waited too long, for the peer's ACK or for the peer's FIN. Each of the two lists
// has one time-out for all its streams, so arriving order is deadline order and nothing is ever
// searched.
#pragma once

#include "stream.h"

#include <optional>

namespace sallyport::mux {

class StreamTimers
{
public:
    static constexpr Duration CloseSlack = std::chrono::seconds(1);

    StreamTimers(const Config& config, TimePoint now);

    // The time has come to `now`.
    void advance(TimePoint now);

    void startOpen(Stream& stream, TimePoint now);
    // Replaces the open time-out if that still runs. A FIN leaves when output is taken, which tells
    // no time, and the last time known may be long ago: the time-out starts at the next advance().
    void startClose(Stream& stream);
    // A byte moved: a close time-out that runs starts anew.
    void touch(Stream& stream, TimePoint now);
    void stop(Stream& stream);

    // A stream whose time is over, taken off its list.
    Stream* popExpired(TimePoint now);
    std::optional<TimePoint> nextDeadline() const;
    void abandon();

private:
    using List = IntrusiveList<Stream, &Stream::timerHook>;
    List& listOf(const Stream& stream);
    void runClose(Stream& stream, TimePoint now);

    Duration m_openTimeout;
    Duration m_closeTimeout;
    TimePoint m_now;
    List m_open;
    List m_fresh; // close time-outs that wait for the time
    List m_close;
};

} // namespace sallyport::mux
