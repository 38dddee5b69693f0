// How a control stream ends, at either side.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::wire {

enum class ControlEnd : uint8_t {
    Closed,         // the peer ended the stream
    Refused,        // the relay refused the link (its own `refuse` was sent or received)
    HelloTimeout,   // relay: no hello in time
    WelcomeTimeout, // agent: neither welcome nor refuse in time
    BadFrame,       // a frame's length was wrong
    Malformed,      // a message that breaks the protocol
    OutOfOrder,     // a message that may not come now: a second hello, a welcome twice
    TooMuchInput,   // bytes came faster than they were taken
    TooMuchOutput,  // the peer does not read its answers
};
std::string_view describe(ControlEnd end);

// The last event of a control stream. Send what is left in output() before finishing the stream: a
// refusal stands there, and is what keeps the agent from asking for ever.
struct ControlEnded
{
    ControlEnd reason = ControlEnd::Closed;
    std::string detail; // for the log; holds no secret
};

} // namespace sallyport::wire
