#include <sallyport/agent/status.h>

namespace sallyport::agent {

std::string_view toText(LinkState state)
{
    switch (state) {
    case LinkState::Offline:
        return "offline";
    case LinkState::Connecting:
        return "connecting";
    case LinkState::Connected:
        return "connected";
    case LinkState::Waiting:
        return "waiting";
    case LinkState::Stopped:
        return "stopped";
    case LinkState::Refused:
        return "refused";
    }
    return "unknown";
}

std::string_view toText(TunnelState state)
{
    switch (state) {
    case TunnelState::Pending:
        return "pending";
    case TunnelState::Open:
        return "open";
    case TunnelState::Refused:
        return "refused";
    }
    return "unknown";
}

} // namespace sallyport::agent
