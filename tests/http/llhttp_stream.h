// The same connection read by llhttp, in its strict mode.
#pragma once

#include "message_stream.h"

namespace sallyport::http {

struct LlhttpConnection
{
    std::vector<ReadMessage> messages;
    bool refused = false;
    std::string error;
};

LlhttpConnection readRequestsByLlhttp(std::string_view bytes);
LlhttpConnection readResponsesByLlhttp(std::string_view bytes, const ResponseContext& context);

// Compares what both made of the same bytes: each message that we read whole, llhttp must have read
// whole, alike and with the same end. Returns the first difference in words, empty when there is
// none. Known differences, in none of which a message is framed in two ways, are passed over:
// - methods that llhttp does not know;
// - 204 with a body announced, which ends the connection here;
// - an upgrade that we do not take up, and Connection: close in an interim response: there only
// llhttp ends.
std::string differenceToLlhttp(std::string_view bytes, const ReadConnection& ours,
                               const LlhttpConnection& theirs);

} // namespace sallyport::http
