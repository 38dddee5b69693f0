#include "doctor.h"

#include "exit_code.h"

#include <sallyport/agent/dial_target.h>
#include <sallyport/agent/identity.h>
#include <sallyport/control/relay_trial.h>
#include <sallyport/control/secret_stores.h>
#include <sallyport/net/connector.h>
#include <sallyport/net/dialer.h>

#include <QEventLoop>
#include <QTimer>

#include <array>
#include <cstdio>
#include <utility>

namespace sallyport::cli {

namespace {

constexpr int StepTimeout = 5000; // milliseconds

std::string milliseconds(Duration time)
{
    std::array<char, 32> text;
    std::snprintf(text.data(), text.size(), "%.1f ms",
                  std::chrono::duration<double, std::milli>(time).count());
    return text.data();
}

// Dials once and tells what TLS agreed on.
class TlsProbe final : public net::DialOwner
{
public:
    TlsProbe(net::IoContext& io, net::DialTarget target) : m_dialer(io, std::move(target), *this) {}

    void run()
    {
        m_dialer.start();
        m_loop.exec();
    }
    void dialed(std::unique_ptr<net::Channel> channel, ByteView) override
    {
        if (const tls::Engine* engine = channel->tls())
            agreed = std::string(engine->version()) + ", " + std::string(engine->cipher());
        channel->setOwner(&m_deaf);
        m_channel = std::move(channel);
        m_loop.quit();
    }
    void dialFailed(const net::DialError& failure) override
    {
        error = failure;
        m_loop.quit();
    }

    std::string agreed;
    std::optional<net::DialError> error;

private:
    struct Deaf final : net::ChannelOwner
    {
        void channelOpened() override {}
        void channelBytes(ByteView) override {}
        void channelEnded() override {}
        void channelFailed(const std::string&) override {}
        void channelTurn() override {}
    };
    QEventLoop m_loop;
    Deaf m_deaf;
    std::unique_ptr<net::Channel> m_channel;
    net::Dialer m_dialer;
};

} // namespace

std::vector<Check> Doctor::examine()
{
    if (!checkConfig())
        return m_checks;
    checkCredentials();
    if (m_settings.config.relay && checkName() && checkTcp() && checkTls())
        checkLink();
    checkUpstreams();
    return m_checks;
}

void Doctor::ok(const std::string& group, const std::string& code, Facts facts)
{
    m_checks.push_back(makeCheck(group, Verdict::Ok, code, std::move(facts)));
}

void Doctor::warn(const std::string& group, const std::string& code, Facts facts)
{
    m_checks.push_back(makeCheck(group, Verdict::Warning, code, std::move(facts)));
}

void Doctor::fail(const std::string& group, const std::string& code, Facts facts)
{
    m_checks.push_back(makeCheck(group, Verdict::Failure, code, std::move(facts)));
}

void Doctor::say(const std::string& group, Verdict verdict, const std::string& words)
{
    m_checks.push_back({group, verdict, words, {}, {}});
}

bool Doctor::checkConfig()
{
    auto settings = loadSettings(m_globals);
    if (!settings) {
        std::string text = settings.error();
        for (size_t end; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1))
            say("Config", Verdict::Failure, text.substr(0, end));
        say("Config", Verdict::Failure, text);
        return false;
    }
    m_settings = std::move(*settings);
    for (const std::string& warning : m_settings.warnings)
        say("Config", Verdict::Warning, warning);
    ok("Config", "config_read",
       {m_settings.configFile, std::to_string(m_settings.config.tunnels.size())});
    if (m_settings.config.relay)
        ok("Config", "config_relay", {m_settings.config.relay->text()});
    else
        fail("Config", "config_no_relay");
    return true;
}

void Doctor::checkIdentity()
{
    const auto& files = m_settings.config.identity;
    const auto now = std::chrono::system_clock::now();
    const auto identity = agent::readIdentity({files.certificate, files.key}, now);
    if (!identity)
        return say("Credentials", Verdict::Failure, identity.error());
    const std::string whose = agent::identityName(identity.value().leaf);
    const auto left =
        std::chrono::floor<std::chrono::days>(identity.value().leaf.notAfter - now).count();
    if (identity.value().expired)
        return fail("Credentials", "certificate_expired", {whose});
    m_token = Secret(); // none is needed
    ok("Credentials", "certificate", {whose, std::to_string(left)});
}

void Doctor::checkCredentials()
{
    if (!m_settings.config.identity.certificate.empty())
        return checkIdentity();
    const std::string source = control::TokenSource::describe(m_settings.config);
    if (source.empty())
        return checkKeychain();
    QEventLoop loop;
    bool answered = false;
    m_tokens.providerFor(m_settings)({}, [&](Result<Secret, std::string> token) {
        answered = true;
        if (token)
            m_token = std::move(*token);
        say("Credentials", token ? Verdict::Ok : Verdict::Failure, token ? source : token.error());
        loop.quit();
    });
    if (!answered)
        loop.exec();
}

void Doctor::checkKeychain()
{
    if (!m_settings.config.relay)
        return fail("Credentials", "no_token");
    control::SecretStores stores;
    QEventLoop loop;
    stores.find(
        m_settings.account, [&](Result<control::SecretStores::Found, secrets::SecretError> found) {
            if (found) {
                m_token = found->secret;
                if (found->inFile)
                    warn("Credentials", "token_in_file", {found->where});
                else
                    ok("Credentials", "token_found", {found->where});
            } else {
                say("Credentials", Verdict::Failure, found.error().message + " (sallyport login)");
            }
            loop.quit();
        });
    loop.exec();
}

net::Resolved Doctor::lookUp(const std::string& host, uint16_t port)
{
    QEventLoop loop;
    net::Resolved result;
    result.error = "no answer in time";
    net::resolve(host, port, &loop, [&](net::Resolved found) {
        result = std::move(found);
        loop.quit();
    });
    QTimer::singleShot(StepTimeout, &loop, &QEventLoop::quit);
    loop.exec();
    return result;
}

bool Doctor::checkName()
{
    const config::RelayAddress& relay = *m_settings.config.relay;
    const net::Resolved found = lookUp(relay.host, relay.port);
    if (found.addresses.empty()) {
        const auto proxy = net::proxyFromEnvironment(relay.host);
        if (proxy && *proxy) {
            warn("DNS", "name_by_proxy", {relay.host, found.error});
            return true;
        }
        fail("DNS", "failed_at", {relay.host, found.error});
        return false;
    }
    std::string list;
    for (const net::Address& address : found.addresses)
        list += (list.empty() ? "" : ", ") + address.host();
    ok("DNS", "name_found", {relay.host, list});
    m_addresses = found.addresses;
    return true;
}

std::optional<std::string> Doctor::connectTo(std::vector<net::Address> addresses, Duration* took)
{
    std::optional<std::string> problem = "no answer in time";
    const TimePoint begun = m_io.now();
    QEventLoop loop;
    net::Connector connector(m_io, std::move(addresses),
                             [&](Result<net::Socket, net::SystemError> result) {
                                 problem.reset();
                                 if (!result)
                                     problem = result.error().text();
                                 QTimer::singleShot(0, &loop, &QEventLoop::quit);
                             });
    connector.start();
    QTimer::singleShot(StepTimeout, &loop, &QEventLoop::quit);
    loop.exec();
    if (took)
        *took = m_io.now() - begun;
    return problem;
}

bool Doctor::checkTcp()
{
    const config::RelayAddress& relay = *m_settings.config.relay;
    const std::string place = config::Endpoint{relay.host, relay.port}.text();
    const auto proxy = net::proxyFromEnvironment(relay.host);
    if (!proxy) {
        say("TCP", Verdict::Failure, proxy.error());
        return false;
    }
    if (*proxy && relay.transport != config::Transport::Tcp) {
        ok("TCP", "tcp_by_proxy", {(*proxy)->host + ":" + std::to_string((*proxy)->port)});
        return true;
    }
    Duration took{};
    if (const auto problem = connectTo(m_addresses, &took)) {
        fail("TCP", "failed_at", {place, *problem});
        return false;
    }
    ok("TCP", "tcp_answers", {place, milliseconds(took)});
    return true;
}

bool Doctor::checkTls()
{
    const config::AgentConfig& config = m_settings.config;
    if (config.effectiveTransport() == config::Transport::Tcp) {
        warn("TLS", "tls_off");
        return true;
    }
    auto target = agent::dialTarget(agent::optionsFrom(config));
    if (!target) {
        say("TLS", Verdict::Failure, target.error());
        return false;
    }
    target->timeout = std::chrono::milliseconds(StepTimeout);
    TlsProbe tls(m_io, std::move(*target));
    tls.run();
    if (tls.error && tls.error->kind == net::DialError::Kind::Untrusted) {
        say("TLS", Verdict::Failure, tls.error->text);
        return false;
    }
    if (tls.error) {
        // Another transport may still get through: the link decides.
        say("TLS", Verdict::Warning, tls.error->text);
        return true;
    }
    if (config.pin)
        ok("TLS", "tls_pinned", {tls.agreed});
    else if (!config.caFile.empty())
        ok("TLS", "tls_by_file", {tls.agreed, config.caFile});
    else if (!config.identity.certificate.empty())
        ok("TLS", "tls_by_bundle", {tls.agreed});
    else
        ok("TLS", "tls_by_system", {tls.agreed});
    return true;
}

void Doctor::checkLink()
{
    if (!m_token)
        return fail("Link", "link_no_token");
    const control::TrialResult trial =
        control::tryRelay(m_settings.config, m_tokens.providerFor(m_settings), true);
    if (trial.outcome != control::TrialOutcome::Fine) {
        say("Link", Verdict::Failure, trial.problem);
        if (trial.problem.code != agent::ProblemCode::Other)
            m_checks.back().code = "problem:" + std::string(toText(trial.problem.code));
        return;
    }
    Facts facts{trial.transport, std::to_string(trial.port)};
    if (trial.roundTrip)
        facts.push_back(milliseconds(*trial.roundTrip));
    ok("Link", trial.roundTrip ? "link_up_in" : "link_up", std::move(facts));
}

void Doctor::checkUpstreams()
{
    for (const auto& [name, tunnel] : m_settings.config.tunnels)
        checkUpstream(name, tunnel);
}

void Doctor::checkUpstream(const std::string& name, const config::TunnelConfig& tunnel)
{
    const std::string text = name + ": " + tunnel.upstream.text();
    std::vector<net::Address> addresses;
    if (tunnel.upstream.isUnix()) {
        if (const auto address = net::Address::unixPath(tunnel.upstream.unixPath))
            addresses.push_back(*address);
    } else {
        const auto& [host, port] = tunnel.upstream.endpoint;
        net::Resolved found = lookUp(host, port);
        if (found.addresses.empty())
            return warn("Upstreams", "failed_at", {text, found.error});
        addresses = std::move(found.addresses);
        if (host == "127.0.0.1")
            addresses.push_back(*net::Address::fromText("::1", port));
    }
    if (const auto problem = connectTo(std::move(addresses), nullptr))
        return warn("Upstreams", "failed_at", {text, *problem});
    ok("Upstreams", "upstream_answers", {text});
}

} // namespace sallyport::cli
