#include <sallyport/config/audit_config.h>

namespace sallyport::config {

namespace {
constexpr uint64_t KiB = 1024;
constexpr uint64_t MiB = 1024 * KiB;
} // namespace

void AuditConfig::declare(Fields& fields)
{
    fields.section("Audit log",
                   "One JSON line for each authentication, claim, certificate and administrative "
                   "change; see audit.md. Never a secret.");
    fields.value("audit.enabled", enabled, yesOrNo(), "Whether it is written.");
    fields.value("audit.file", file, filePath(),
                 "Where; audit.jsonl in state_dir when it is not given. Readable by its owner "
                 "alone. Moved away, it is made anew.");
    fields.value("audit.max_size", maxSize, sizeBetween(64 * KiB, 1024 * MiB),
                 "A file that would grow beyond it becomes FILE.1, that FILE.2, and so on.");
    fields.value("audit.keep", keep, countBetween(0, 1'000), "Older files that are kept.");
    fields.value("audit.queue", queue, sizeBetween(64 * KiB, 64 * MiB),
                 "Lines that wait for a slow disk; those beyond it are dropped and counted.");
}

} // namespace sallyport::config
