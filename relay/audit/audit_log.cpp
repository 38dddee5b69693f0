#include "audit/audit_log.h"

#include "audit/refusal_budget.h"
#include "audit/rotating_file.h"

#include <sallyport/observe/json_line.h>
#include <sallyport/observe/sinks.h>

#include <mutex>
#include <utility>

namespace sallyport::relay {

namespace {

using std::chrono::system_clock;

std::string droppedLine(uint64_t count)
{
    observe::JsonLine line(system_clock::now());
    line.add("event", "audit.dropped");
    line.add("count", count);
    return line.finish();
}

struct Add
{
    observe::JsonLine& line;
    std::string_view key;

    void operator()(std::monostate) const {}
    void operator()(std::string_view text) const
    {
        if (!text.empty())
            line.add(key, text);
    }
    void operator()(std::span<const std::string> texts) const
    {
        if (!texts.empty())
            line.add(key, texts);
    }
    template <typename T>
    void operator()(T value) const
    {
        line.add(key, value);
    }
};

RotatingFile rotatingFile(const config::AuditConfig& config, const std::string& file)
{
    RotatingFile rotating{file, config.maxSize, unsigned(config.keep)};
    rotating.lostLine = droppedLine;
    return rotating;
}

std::string refused(const std::string& reason)
{
    return "audit.file: " + reason +
           " (name another file with audit.file in relay.yaml, or switch the audit log off with "
           "audit.enabled: no)";
}

} // namespace

std::string_view toText(AuditEvent event)
{
    using enum AuditEvent;
    switch (event) {
    case RelayStarted:
        return "relay.started";
    case RelayReloaded:
        return "relay.reloaded";
    case RelayDraining:
        return "relay.draining";
    case RelayStopped:
        return "relay.stopped";
    case TokenAdded:
        return "token.added";
    case TokenChanged:
        return "token.changed";
    case TokenRevoked:
        return "token.revoked";
    case AuthorityChanged:
        return "authority.changed";
    case AuthAccepted:
        return "auth.accepted";
    case AuthRefused:
        return "auth.refused";
    case AuthEnded:
        return "auth.ended";
    case ClaimGranted:
        return "claim.granted";
    case ClaimRefused:
        return "claim.refused";
    case ClaimTakenOver:
        return "claim.taken_over";
    case ClaimReleased:
        return "claim.released";
    case CertificateIssued:
        return "certificate.issued";
    case CertificateRenewed:
        return "certificate.renewed";
    case CertificateRevoked:
        return "certificate.revoked";
    case CertificateFailed:
        return "certificate.failed";
    case VisitorRefused:
        return "visitor.refused";
    }
    return "unknown";
}

struct AuditLog::Core
{
    std::shared_ptr<observe::Sink> sink;
    WallClock wall;
    std::function<TimePoint()> steady;
    std::mutex mutex; // of the sink
    std::mutex budgetMutex;
    RefusalBudget budget{RefusalBurst, RefusalInterval};
};

AuditLog::AuditLog() : AuditLog(nullptr, &system_clock::now, &Clock::now) {}

AuditLog::AuditLog(std::shared_ptr<observe::Sink> sink, WallClock wall,
                   std::function<TimePoint()> steady)
    : m_core(std::make_shared<Core>())
{
    m_core->sink = std::move(sink);
    m_core->wall = std::move(wall);
    m_core->steady = std::move(steady);
}

Result<AuditLog, std::string> AuditLog::forRelay(const config::AuditConfig& config,
                                                 const std::string& file, const observe::Log& log)
{
    if (!config.enabled)
        return AuditLog();
    RotatingFile rotating = rotatingFile(config, file);
    rotating.onTrouble = [log](const std::string& sentence) {
        if (sentence.empty())
            log.info("the audit log is written again");
        else
            log.error("audit lines are lost", {{"reason", sentence}});
    };
    auto sink = openRotatingFile(std::move(rotating));
    if (!sink)
        return Failure(refused(sink.error()));
    return AuditLog(observe::queuedSink(*sink, config.queue, droppedLine), &system_clock::now,
                    &Clock::now);
}

Result<AuditLog, std::string> AuditLog::forCommand(const config::AuditConfig& config,
                                                   const std::string& file)
{
    if (!config.enabled)
        return AuditLog();
    auto sink = openRotatingFile(rotatingFile(config, file));
    if (!sink)
        return Failure(refused(sink.error()));
    return AuditLog(*sink, &system_clock::now, &Clock::now);
}

void AuditLog::record(AuditEvent event, AuditFields fields) const
{
    if (m_core->sink)
        write(event, fields, 0);
}

void AuditLog::recordRefusal(AuditEvent event, std::string_view host, AuditFields fields) const
{
    if (!m_core->sink)
        return;
    std::optional<uint64_t> keptBack;
    {
        const std::lock_guard lock(m_core->budgetMutex);
        keptBack = m_core->budget.admit(host, m_core->steady());
    }
    if (keptBack)
        write(event, fields, *keptBack);
}

void AuditLog::write(AuditEvent event, AuditFields fields, uint64_t keptBack) const
{
    observe::JsonLine line(m_core->wall());
    line.add("event", toText(event));
    for (const AuditField& field : fields)
        std::visit(Add{line, field.key}, field.value.variant());
    if (keptBack > 0)
        line.add("kept_back", keptBack);
    const std::string whole = line.finish();
    const std::lock_guard lock(m_core->mutex);
    m_core->sink->write(whole);
}

void AuditLog::flush() const
{
    if (!m_core->sink)
        return;
    const std::lock_guard lock(m_core->mutex);
    m_core->sink->flush();
}

} // namespace sallyport::relay
