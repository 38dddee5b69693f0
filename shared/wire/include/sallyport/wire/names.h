// Names of tunnels and host names: what is well formed, and how a name is chosen when none is asked
// for.
#pragma once

#include <sallyport/base/result.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::wire {

inline constexpr size_t MaxName = 63;
inline constexpr size_t MaxHostname = 253;

// ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$
bool isValidName(std::string_view name);

enum class HostnameError {
    Empty,
    TooLong,    // over 253 bytes, or a label over 63
    EmptyLabel, // two dots in a row, or one at the start
    Underscore,
    BadCharacter, // anything but letters, digits, hyphens and dots
    Hyphen,       // a label begins or ends with a hyphen
    Numeric,      // the last label is a number: that is an address
    BadWildcard,  // "*" elsewhere than as the whole first label, or with fewer than two labels
                  // behind it
};
// "underscore is not allowed in a host name"
std::string_view describe(HostnameError error);

// The canonical form: lower case, without the final dot. A leading "*." label is kept.
Result<std::string, HostnameError> parseHostname(std::string_view text);
// True for "*.acme.org" in canonical form.
bool isWildcard(std::string_view hostname);

// Two words ("brave-otter"), the same for the same agent and tunnel for ever. While that name is
// another's, ask with the next attempt: 1 gives "brave-otter-2".
std::string chooseName(std::string_view agentId, std::string_view tunnelRef, uint32_t attempt = 0);

} // namespace sallyport::wire
