#include <sallyport/mux/types.h>

namespace sallyport::mux {

const char* toString(SessionError error)
{
    switch (error) {
    case SessionError::BadVersion:
        return "unknown protocol version";
    case SessionError::BadType:
        return "unknown frame type";
    case SessionError::BadFlags:
        return "flags that make no sense there";
    case SessionError::BadStreamId:
        return "stream id that the peer may not use there";
    case SessionError::DuplicateStream:
        return "stream opened twice";
    case SessionError::WindowExceeded:
        return "more payload than the window allows";
    case SessionError::WindowOverflow:
        return "more credit than a window can hold";
    case SessionError::PingTimeout:
        return "no answer to pings";
    case SessionError::PeerGoAway:
        return "the peer reported an error";
    case SessionError::ResetFlood:
        return "streams opened faster than refusals are read";
    }
    return "unknown";
}

const char* toString(ResetReason reason)
{
    switch (reason) {
    case ResetReason::ByPeer:
        return "reset by the peer";
    case ResetReason::OpenTimeout:
        return "not accepted in time";
    case ResetReason::CloseTimeout:
        return "left half open too long";
    case ResetReason::UnreadLimit:
        return "too much unread data";
    }
    return "unknown";
}

} // namespace sallyport::mux
