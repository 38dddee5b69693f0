// What a link would dial, for those who want to look at the way to a relay without making a link.
#pragma once

#include <sallyport/agent/options.h>
#include <sallyport/base/result.h>
#include <sallyport/net/dialer.h>

#include <string>

namespace sallyport::agent {

// The first transport that the options allow, with the trust and the proxy that a link would use.
// Fails with a sentence when the options or the environment can't work.
Result<net::DialTarget, std::string> dialTarget(const AgentOptions& options);

} // namespace sallyport::agent
