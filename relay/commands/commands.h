// The commands of sallyport-relay. Each returns the program's exit code (design: 0 fine, 1 failed
// while running, 2 wrong usage or configuration). What a command makes goes to standard output
// alone, explanations to standard error.
#pragma once

#include "audit/audit_log.h"

#include <sallyport/config/relay_config.h>
#include <sallyport/config/sources.h>

#include <optional>
#include <string>
#include <vector>

namespace sallyport::relay {

enum ExitCode { Fine = 0, Failed = 1, Usage = 2 };

// Reads the configuration; on a fault prints it and returns nothing.
std::optional<config::RelayConfig> loadConfig(const config::Sources& sources);

// Where a command notes what it changed. When the file cannot be opened, that is said and nothing
// is noted: the change is made already, and taking it back would be worse.
AuditLog commandAudit(const config::RelayConfig& config);
// Who runs the command: "root", "alice"; through sudo "alice (as root)".
std::string invokingUser();

int serve(const config::Sources& sources, int& argc, char** argv);
int check(const config::Sources& sources);

struct TokenAddOptions
{
    std::string name;
    std::vector<std::string> kinds;
    std::vector<std::string> names;
    std::vector<std::string> hostnames;
    std::string ports;
    std::string expires;
    bool joinLine = false;
};
int tokenAdd(const config::Sources& sources, const TokenAddOptions& options);
int tokenList(const config::Sources& sources, bool json);
int tokenRevoke(const config::Sources& sources, const std::string& idOrName);

// A running relay notices files by itself a moment later. Told, it knows before this returns, so
// that a script may use what a command made at once.
void tellRunningRelay(const config::RelayConfig& config);

int pin(const config::Sources& sources);
int status(const config::Sources& sources, bool json);
// "reload" or "drain".
int tell(const config::Sources& sources, const std::string& command);

} // namespace sallyport::relay
