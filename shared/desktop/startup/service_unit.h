// The text of the agent's systemd units. Pure.
#pragma once

#include <sallyport/desktop/person.h>

#include <string>

namespace sallyport::desktop {

// Reads its configuration and credential as `sallyport up` of that user does.
std::string userServiceUnit(const std::string& program, const std::string& configFile);
// With a user of its own that exists only while it runs; `configFolder` holds agent.yaml and token.
std::string systemServiceUnit(const std::string& program, const std::string& configFolder);

// As this person, from the computer's start on: with their own configuration, the tokens that root
// keeps in `tokensFile`, and a runtime folder in which their programs look too
// (control::serviceRuntimeFolder()).
std::string personServiceUnit(const Person& person, const std::string& program,
                              const std::string& configFile, const std::string& tokensFile);

} // namespace sallyport::desktop
