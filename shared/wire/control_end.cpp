#include <sallyport/wire/control_end.h>

namespace sallyport::wire {

std::string_view describe(ControlEnd end)
{
    switch (end) {
    case ControlEnd::Closed:
        return "the peer closed the control stream";
    case ControlEnd::Refused:
        return "the relay refused the link";
    case ControlEnd::HelloTimeout:
        return "no hello in time";
    case ControlEnd::WelcomeTimeout:
        return "no answer to the hello in time";
    case ControlEnd::BadFrame:
        return "a frame of the control stream has a wrong length";
    case ControlEnd::Malformed:
        return "a message breaks the protocol";
    case ControlEnd::OutOfOrder:
        return "a message came at a time when it may not";
    case ControlEnd::TooMuchInput:
        return "the peer sends faster than it may";
    case ControlEnd::TooMuchOutput:
        return "the peer does not read the control stream";
    }
    return {};
}

} // namespace sallyport::wire
