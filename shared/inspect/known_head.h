// The last head of a direction that was read, where the next one may be the same: a keep-alive
// connection mostly asks the same again and again, and need not be read again then. What stands in
// X-Request-Id differs in each request that a relay passes on, and says nothing to a reader.
//
// Threads: that of its reader.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sallyport::inspect {

class KnownHead
{
public:
    static constexpr size_t Limit = 2048; // longer ones are always read

    // Whether `other` begins with that head, whatever its request id.
    bool begins(std::string_view other) const;
    // `mayComeAgain`: false where it changes what follows on the connection.
    void remember(std::string_view head, bool mayComeAgain);

private:
    std::string m_bytes; // empty: none
    size_t m_idAt = 0;   // in it
    size_t m_idSize = 0; // 0: no id
};

} // namespace sallyport::inspect
