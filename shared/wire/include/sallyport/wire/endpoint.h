// An IP address with a port, as it stands in a PROXY header. Carries no operating system type.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sallyport::wire {

struct Endpoint
{
    enum class Family : uint8_t { Unspecified, V4, V6 };

    Family family = Family::Unspecified;
    std::array<std::byte, 16> address{}; // network order; V4 uses the first four
    uint16_t port = 0;                   // host order

    bool operator==(const Endpoint&) const = default;
};

} // namespace sallyport::wire
