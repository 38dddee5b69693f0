// Builds the request that a replay sends: HTTP/1.1, framed anew, on a connection of its own. A pure
// function.
#pragma once

#include "captured_exchange.h"

#include <sallyport/base/result.h>
#include <sallyport/inspect/traffic_source.h>

#include <string>

namespace sallyport::inspect {

// An error is a sentence that says why it can't be sent. `body` is the original's, as kept.
Result<std::string, std::string> replayMessage(const CapturedExchange& original,
                                               const ReplayRequest& request,
                                               const std::string& body);

} // namespace sallyport::inspect
