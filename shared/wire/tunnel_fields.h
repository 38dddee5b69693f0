// The parts of messages that are about tunnels: requests, grants, refusals. Private to this
// library.
#pragma once

#include "json_fields.h"

#include <sallyport/wire/messages.h>

#include <string>
#include <variant>

namespace sallyport::wire {

// A request, or the answer that it deserves. Only a bad `ref` is a problem of the whole message,
// for without it nothing can be answered.
using TunnelOrRefusal = std::variant<TunnelRequest, TunnelRefused>;
TunnelOrRefusal readTunnel(const Json& json, const std::string& path, Problem& problem);

std::vector<std::string> readUrls(JsonFields& fields);
TunnelGrant readGrant(const Json& json, const std::string& path, Problem& problem);
Refusal readRefusal(JsonFields& fields);
TunnelRefused readTunnelRefused(JsonFields& fields);

} // namespace sallyport::wire
