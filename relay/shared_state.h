// What the relay's threads share. Everything here is immutable, atomic or published.
#pragma once

#include "audit/audit_log.h"
#include "certificates/acme_state.h"
#include "identity/token_verifier.h"
#include "identity/verifier.h"
#include "published.h"
#include "routes/route_table.h"
#include "visitors/filters/password_checker.h"
#include "visitors/visitor_gate.h"

#include <sallyport/auth/token_set.h>
#include <sallyport/base/clock.h>
#include <sallyport/config/relay_config.h>
#include <sallyport/observe/counters.h>
#include <sallyport/observe/log.h>
#include <sallyport/tls/certificate_store.h>
#include <sallyport/tls/context.h>

#include <atomic>
#include <memory>
#include <utility>

namespace sallyport::relay {

struct SharedState
{
    SharedState(config::RelayConfig c, observe::Log l)
        : config(std::move(c)),
          log(std::move(l)),
          visitors(config.limits.visitors, config.limits.visitorsPerAddress),
          passwords(config.limits.passwordChecks),
          routes(std::make_shared<const RouteTable>(config.domain)),
          tokens(std::make_shared<const auth::TokenSet>()),
          tokenVerifier(tokens),
          certificates(std::make_shared<const tls::CertificateStore>()),
          acme(std::make_shared<const AcmeState>())
    {
        verifiers.add("token", auth::Source::Token, tokenVerifier);
    }

    const config::RelayConfig config;
    const observe::Log log;
    AuditLog audit; // set before the workers start
    VisitorGate visitors;
    PasswordChecker passwords; // stopped before the workers go
    Published<tls::Context> agentTls{nullptr};
    Published<RouteTable> routes;
    Published<auth::TokenSet> tokens;
    TokenVerifier tokenVerifier;
    Verifiers verifiers;                           // complete before the workers start
    Published<tls::CertificateStore> certificates; // that visitors are shown
    Published<AcmeState> acme;                     // certificates that are being obtained
    // Set before the workers start.
    uint16_t httpsPort = 0; // that is listened on; 0: none
    std::string hsts;       // the value of Strict-Transport-Security; empty: not sent
    std::atomic<bool> draining{false};
    std::atomic<bool> healthy{true}; // false after a reload that failed
    // Until then an unknown host may be one whose agent has not come back after the relay's start.
    std::atomic<Clock::rep> startupGraceEnds{0};

    observe::Gauge waiting;      // requests and connections that wait for a link
    observe::Gauge handshakes;   // agents' connections not yet authenticated
    observe::Gauge tlsGreetings; // connections on listen.https whose handshake is not done
    observe::Gauge peeking;      // tls visitors whose ClientHello has not come yet
    observe::Counter requests;

    bool inStartupGrace(TimePoint now) const
    {
        return now.time_since_epoch().count() < startupGraceEnds.load(std::memory_order_relaxed);
    }
};

// Counts something for as long as it lives; takes the count with it when moved.
class Counted
{
public:
    Counted() = default;
    explicit Counted(observe::Gauge& gauge) : m_gauge(&gauge) { gauge.add(); }
    Counted(Counted&& other) noexcept : m_gauge(std::exchange(other.m_gauge, nullptr)) {}
    Counted& operator=(Counted&& other) noexcept
    {
        release();
        m_gauge = std::exchange(other.m_gauge, nullptr);
        return *this;
    }
    ~Counted() { release(); }
    void release()
    {
        if (m_gauge)
            std::exchange(m_gauge, nullptr)->subtract();
    }

private:
    observe::Gauge* m_gauge = nullptr;
};

} // namespace sallyport::relay
