#include "commands/commands.h"
#include "state_files.h"

#include <cstdio>

namespace sallyport::relay {

std::optional<config::RelayConfig> loadConfig(const config::Sources& sources)
{
    auto loaded = config::RelayConfig::load(sources);
    if (!loaded) {
        std::fprintf(stderr, "%s\n", loaded.error().text().c_str());
        return std::nullopt;
    }
    if (!loaded->warnings.empty())
        std::fprintf(stderr, "%s\n", loaded->warnings.text().c_str());
    return std::move(loaded->config);
}

int check(const config::Sources& sources)
{
    const auto config = loadConfig(sources);
    if (!config)
        return Usage;
    std::printf("ok\n");
    if (config->domain.empty())
        std::fprintf(stderr,
                     "note: no domain is set, so agents can claim host names and ports, but "
                     "no names\n");
    return Fine;
}

int pin(const config::Sources& sources)
{
    const auto config = loadConfig(sources);
    if (!config)
        return Usage;
    if (auto trouble = prepareStateFolder(*config)) {
        std::fprintf(stderr, "%s\n", trouble->c_str());
        return Failed;
    }
    const auto keys = relayKeys(*config);
    if (!keys) {
        std::fprintf(stderr, "%s\n", keys.error().c_str());
        return Failed;
    }
    const auto found = tls::spkiPin(keys->chainPem);
    if (!found) {
        std::fprintf(stderr, "%s\n", found.error().message.c_str());
        return Failed;
    }
    std::printf("%s\n", found->toString().c_str());
    return Fine;
}

} // namespace sallyport::relay
