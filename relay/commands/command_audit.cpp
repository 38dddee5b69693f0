#include "commands/commands.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace sallyport::relay {

AuditLog commandAudit(const config::RelayConfig& config)
{
    auto audit = AuditLog::forCommand(config.audit, config.auditFile());
    if (!audit) {
        std::fprintf(stderr, "not noted in the audit log: %s\n", audit.error().c_str());
        return {};
    }
    return *audit;
}

std::string invokingUser()
{
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> buffer;
    std::string user = "uid " + std::to_string(::getuid());
    if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found)
        user = found->pw_name;
    const char* behind = std::getenv("SUDO_USER");
    return behind && ::getuid() == 0 ? behind + (" (as " + user + ")") : user;
}

} // namespace sallyport::relay
