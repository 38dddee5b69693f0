// The audit log: who proved to be whom, who claimed what, which certificates came and went, and
// what an operator changed. One JSON object on each line; docs/audit.md is its reference, and names
// of events and fields there are stable.
//
//     shared.audit.record(AuditEvent::AuthAccepted, {{"tenant", tenant}, {"peer", peer}});
//
// No secret can be written: a Secret, and what holds one, is no AuditValue. Empty texts are left
// out. Text from outside is made harmless, and cut at 1 KiB.
//
// A cheap handle: copies write to the same file. Threads: any. In the relay lines wait, bounded,
// for a thread of their own, so that no event loop waits for the disk; what had to be dropped is
// counted in a line of its own. Commands write at once, beside a running relay.
//
// Refused credentials are everybody's to cause: beyond a burst of RefusalBurst from one host they
// are counted and told of once in a while ("kept_back"), so that nobody can wash other lines away.
#pragma once

#include <sallyport/auth/token.h>
#include <sallyport/base/clock.h>
#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>
#include <sallyport/config/audit_config.h>
#include <sallyport/observe/log.h>

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace sallyport::relay {

enum class AuditEvent {
    RelayStarted,
    RelayReloaded,
    RelayDraining,
    RelayStopped,
    TokenAdded,
    TokenChanged,
    TokenRevoked,
    AuthorityChanged, // the relay's own certificate authority: made, or its material renewed
    AuthAccepted,
    AuthRefused,
    AuthEnded, // a credential that was accepted no longer stands
    ClaimGranted,
    ClaimRefused,
    ClaimTakenOver,
    ClaimReleased,
    CertificateIssued,
    CertificateRenewed,
    CertificateRevoked,
    CertificateFailed,
    VisitorRefused, // a wrong password or token of a visitor
};
// "auth.accepted": stable.
std::string_view toText(AuditEvent event);

class AuditValue
{
public:
    AuditValue(std::string_view text) : m_value(text) {}
    AuditValue(const std::string& text) : m_value(std::string_view(text)) {}
    AuditValue(const char* text) : m_value(std::string_view(text)) {}
    AuditValue(bool value) : m_value(value) {}
    template <std::integral I>
    requires(!std::same_as<I, bool>) AuditValue(I value)
    {
        if constexpr (std::is_signed_v<I>)
            m_value = static_cast<int64_t>(value);
        else
            m_value = static_cast<uint64_t>(value);
    }
    // Left out when there is none.
    template <typename T>
    requires(std::integral<T> || std::convertible_to<const T&, std::string_view>)
        AuditValue(const std::optional<T>& value)
    {
        if (value)
            *this = AuditValue(*value);
    }
    AuditValue(const std::vector<std::string>& texts) : m_value(std::span(texts)) {}
    AuditValue(const Secret&) = delete;
    AuditValue(const auth::Token&) = delete;

    using Variant = std::variant<std::monostate, std::string_view, bool, int64_t, uint64_t,
                                 std::span<const std::string>>;
    const Variant& variant() const { return m_value; }

private:
    Variant m_value;
};

struct AuditField
{
    std::string_view key;
    AuditValue value;
};
using AuditFields = std::initializer_list<AuditField>;

class AuditLog
{
public:
    static constexpr int RefusalBurst = 30; // and one more each RefusalInterval
    static constexpr Duration RefusalInterval = std::chrono::seconds(2);

    // Writes nowhere.
    AuditLog();
    // For tests: lines into a sink, on a clock of theirs.
    using WallClock = std::function<std::chrono::system_clock::time_point()>;
    AuditLog(std::shared_ptr<observe::Sink> sink, WallClock wall,
             std::function<TimePoint()> steady);

    // In the relay: queued. Trouble with the file, later on, is told to `log`.
    static Result<AuditLog, std::string> forRelay(const config::AuditConfig& config,
                                                  const std::string& file, const observe::Log& log);
    // In a command: written before record() returns.
    static Result<AuditLog, std::string> forCommand(const config::AuditConfig& config,
                                                    const std::string& file);

    void record(AuditEvent event, AuditFields fields = {}) const;
    // For AuthRefused and VisitorRefused: `host` is the address, without port, that is to blame.
    void recordRefusal(AuditEvent event, std::string_view host, AuditFields fields) const;
    // At shutdown: waits, for two seconds at most.
    void flush() const;

private:
    struct Core;
    void write(AuditEvent event, AuditFields fields, uint64_t keptBack) const;
    std::shared_ptr<Core> m_core;
};

} // namespace sallyport::relay
