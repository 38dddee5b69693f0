// Goes the way of a link step by step, and says at each what works: configuration, credential,
// name, TCP, TLS, link, upstreams. A step that failed ends those that need it.
//
// Runs the event loop; each step has a time-out. Threads: one.
#pragma once

#include "checks.h"
#include "globals.h"

#include <sallyport/control/settings.h>
#include <sallyport/control/token_source.h>
#include <sallyport/net/io_context.h>
#include <sallyport/net/resolver.h>

#include <optional>
#include <string>
#include <vector>

namespace sallyport::cli {

class Doctor
{
public:
    explicit Doctor(const Globals& globals) : m_globals(globals) {}
    std::vector<Check> examine();

private:
    using Facts = std::vector<std::string>;

    // By the codes of checks.h.
    void ok(const std::string& group, const std::string& code, Facts facts = {});
    void warn(const std::string& group, const std::string& code, Facts facts = {});
    void fail(const std::string& group, const std::string& code, Facts facts = {});
    // Words that have no code.
    void say(const std::string& group, Verdict verdict, const std::string& words);

    bool checkConfig();
    void checkCredentials();
    void checkKeychain();
    void checkIdentity();
    bool checkName();
    bool checkTcp();
    bool checkTls();
    void checkLink();
    void checkUpstreams();
    void checkUpstream(const std::string& name, const config::TunnelConfig& tunnel);

    net::Resolved lookUp(const std::string& host, uint16_t port);
    // Nothing on success, else a sentence.
    std::optional<std::string> connectTo(std::vector<net::Address> addresses, Duration* took);

    const Globals& m_globals;
    net::IoContext m_io;
    std::vector<Check> m_checks;
    control::Settings m_settings;
    control::TokenSource m_tokens;
    std::optional<Secret> m_token;
    std::vector<net::Address> m_addresses;
};

} // namespace sallyport::cli
