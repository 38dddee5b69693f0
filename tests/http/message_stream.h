// Reads a whole connection's bytes as the relay does: head, body, head, ... in pieces of any size.
#pragma once

#include <sallyport/http/body_reader.h>
#include <sallyport/http/head_reader.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::http {

struct ReadMessage
{
    std::string start; // "GET /path" or "200"
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;  // decoded
    bool last = false; // nothing after it belongs to HTTP, or to this connection
    size_t end = 0;    // offset behind it

    bool operator==(const ReadMessage&) const = default;
};

struct ReadConnection
{
    // Whole messages only.
    std::vector<ReadMessage> messages;
    HeadError headError = HeadError::None;
    BodyError bodyError = BodyError::None;

    bool refused() const { return headError != HeadError::None || bodyError != BodyError::None; }
    bool operator==(const ReadConnection&) const = default;
};

// `pieceSizes` are used in turn, the last one again and again.
ReadConnection readRequests(std::string_view bytes,
                            const std::vector<size_t>& pieceSizes = {SIZE_MAX},
                            const HeadLimits& limits = {});
// Every response answers a request of `context`. The connection ends behind the bytes.
ReadConnection readResponses(std::string_view bytes, const ResponseContext& context,
                             const std::vector<size_t>& pieceSizes = {SIZE_MAX},
                             const HeadLimits& limits = {});

} // namespace sallyport::http
