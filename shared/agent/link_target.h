// From options to what a link dials: transports in order, trust, proxy.
#pragma once

#include "relay_link.h"

#include <sallyport/agent/options.h>
#include <sallyport/base/result.h>

#include <string>

namespace sallyport::agent {

struct LinkTargetError
{
    bool canHeal = false;    // without a change of the options
    bool isIdentity = false; // what would prove who we are is of no use
    std::string text;
};

// Reads trust and environment anew each time, so that a CA file or proxy that changed is found.
Result<LinkTarget, LinkTargetError> makeLinkTarget(const AgentOptions& options);

// Puts this way first, when it is among the target's.
void preferWay(LinkTarget& target, const LinkTarget::Way& way);

net::DialTarget dialTargetOf(const LinkTarget& link, const LinkTarget::Way& way);

} // namespace sallyport::agent
