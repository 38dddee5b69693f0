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
    explicit StreamTimers(const Config& config);

    void startOpen(Stream& stream, TimePoint now);
    // Replaces the open time-out if that still runs.
    void startClose(Stream& stream, TimePoint now);
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

    Duration m_openTimeout;
    Duration m_closeTimeout;
    List m_open;
    List m_close;
};

} // namespace sallyport::mux
