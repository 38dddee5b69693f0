// What the examples share: options from the environment, and telling what the agent does.
//
// Run an example with SALLYPORT_RELAY, SALLYPORT_TOKEN (or SALLYPORT_TOKEN_FILE) and, for a relay
// with a key of its own, SALLYPORT_PIN set.
#pragma once

#include <sallyport/agent/agent.h>

#include <QCoreApplication>

#include <cstdio>
#include <optional>
#include <string>

namespace example {

// The same variables as the `sallyport` program, read by the same code. Says what is wrong.
inline std::optional<sallyport::agent::AgentOptions> optionsFromEnvironment(const std::string& id)
{
    using namespace sallyport;
    config::Sources sources;
    sources.environment = config::processEnvironment();
    const auto loaded = config::AgentConfig::load(sources);
    if (!loaded || !loaded->config.relay || !loaded->config.token) {
        std::fprintf(stderr, "%s\nset SALLYPORT_RELAY and SALLYPORT_TOKEN\n",
                     loaded ? "" : loaded.error().text().c_str());
        return std::nullopt;
    }
    agent::AgentOptions options = agent::optionsFrom(loaded->config);
    options.token = agent::fixedToken(*loaded->config.token);
    options.id = id;
    return options;
}

// Prints addresses and reasons; ends the program when the agent gives up.
inline void narrate(sallyport::agent::Agent& agent)
{
    using sallyport::agent::Agent;
    QObject::connect(&agent, &Agent::tunnelOpened, &agent,
                     [](const std::string&, const std::vector<std::string>& urls) {
                         for (const std::string& url : urls)
                             std::printf("%s\n", url.c_str());
                         std::fflush(stdout);
                     });
    QObject::connect(&agent, &Agent::tunnelRefused, &agent,
                     [](const std::string& ref, const std::string&, const std::string& message) {
                         std::fprintf(stderr, "%s: %s\n", ref.c_str(), message.c_str());
                     });
    QObject::connect(&agent, &Agent::failed, &agent,
                     [](const sallyport::agent::AgentFailure& failure) {
                         std::fprintf(stderr, "gave up: %s\n", failure.text.c_str());
                         QCoreApplication::exit(1);
                     });
}

} // namespace example
