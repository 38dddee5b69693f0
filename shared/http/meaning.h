// From the fields of a whole head to what they mean. Called once a head is complete.
#pragma once

#include <sallyport/http/head_reader.h>

#include <optional>

namespace sallyport::http {

HeadError understandRequest(RequestHead& head);
HeadError understandResponse(const ResponseContext& context, ResponseHead& head);

// What the Connection fields say, all of them together.
struct ConnectionOptions
{
    static constexpr unsigned MaxOptions = 64;
    bool close = false;
    bool keepAlive = false;
    bool upgrade = false;
    bool namesFields = false;
    unsigned count = 0;
};
ConnectionOptions connectionOptions(const MessageHead& head);

// RFC 9112 section 9.3
bool keepsAlive(Version version, const ConnectionOptions& options);

// Content-Length and Transfer-Encoding, each sound and not both (RFC 9112 section 6).
struct DeclaredFraming
{
    HeadError error = HeadError::None;
    std::optional<uint64_t> length;
    bool chunked = false;
};
DeclaredFraming declaredFraming(const MessageHead& head);

} // namespace sallyport::http
