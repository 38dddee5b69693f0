// The text of the agent's systemd units. Pure.
#pragma once

#include <string>

namespace sallyport::desktop {

// Reads its configuration and credential as `sallyport up` of that user does.
std::string userServiceUnit(const std::string& program, const std::string& configFile);
// With a user of its own that exists only while it runs; `configFolder` holds agent.yaml and token.
std::string systemServiceUnit(const std::string& program, const std::string& configFolder);

} // namespace sallyport::desktop
