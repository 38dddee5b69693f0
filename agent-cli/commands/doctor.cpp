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

void Doctor::ok(const std::string& group, const std::string& text)
{
    m_checks.push_back({group, Verdict::Ok, text});
}

void Doctor::warn(const std::string& group, const std::string& text)
{
    m_checks.push_back({group, Verdict::Warning, text});
}

void Doctor::fail(const std::string& group, const std::string& text)
{
    m_checks.push_back({group, Verdict::Failure, text});
}

bool Doctor::checkConfig()
{
    auto settings = loadSettings(m_globals);
    if (!settings) {
        std::string text = settings.error();
        for (size_t end; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1))
            fail("Config", text.substr(0, end));
        fail("Config", text);
        return false;
    }
    m_settings = std::move(*settings);
    for (const std::string& warning : m_settings.warnings)
        warn("Config", warning);
    ok("Config", m_settings.configFile + ", " + std::to_string(m_settings.config.tunnels.size()) +
                     " tunnels");
    if (m_settings.config.relay)
        ok("Config", "relay " + m_settings.config.relay->text());
    else
        fail("Config", "no relay is given: use `sallyport login`, --relay or `relay:`");
    return true;
}

void Doctor::checkIdentity()
{
    const auto& files = m_settings.config.identity;
    const auto now = std::chrono::system_clock::now();
    const auto identity = agent::readIdentity({files.certificate, files.key}, now);
    if (!identity)
        return fail("Credentials", identity.error());
    const std::string whose = "the certificate of " + agent::identityName(identity.value().leaf);
    const auto left =
        std::chrono::floor<std::chrono::days>(identity.value().leaf.notAfter - now).count();
    if (identity.value().expired)
        return fail("Credentials", whose + " has expired; ask the relay's operator for a new one");
    m_token = Secret(); // none is needed
    ok("Credentials", whose + ", " + std::to_string(left) + " days left");
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
    m_tokens.providerFor(m_settings.config)({}, [&](Result<Secret, std::string> token) {
        answered = true;
        if (token)
            m_token = std::move(*token);
        if (token)
            ok("Credentials", source);
        else
            fail("Credentials", token.error());
        loop.quit();
    });
    if (!answered)
        loop.exec();
}

void Doctor::checkKeychain()
{
    if (!m_settings.config.relay)
        return fail("Credentials", "no token is configured");
    control::SecretStores stores;
    QEventLoop loop;
    stores.find(control::secretKey(*m_settings.config.relay),
                [&](Result<control::SecretStores::Found, secrets::SecretError> found) {
                    if (found) {
                        m_token = found->secret;
                        ok("Credentials", "a token in " + found->where);
                    } else {
                        fail("Credentials", found.error().message + " (sallyport login)");
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
            warn("DNS", relay.host + ": " + found.error + "; the proxy may know it");
            return true;
        }
        fail("DNS", relay.host + ": " + found.error);
        return false;
    }
    std::string list;
    for (const net::Address& address : found.addresses)
        list += (list.empty() ? "" : ", ") + address.host();
    ok("DNS", relay.host + " is " + list);
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
        fail("TCP", proxy.error());
        return false;
    }
    if (*proxy && relay.transport != config::Transport::Tcp) {
        ok("TCP", "through the proxy " + (*proxy)->host + ":" + std::to_string((*proxy)->port));
        return true;
    }
    Duration took{};
    if (const auto problem = connectTo(m_addresses, &took)) {
        fail("TCP", place + ": " + *problem);
        return false;
    }
    ok("TCP", place + " answers in " + milliseconds(took));
    return true;
}

bool Doctor::checkTls()
{
    const config::AgentConfig& config = m_settings.config;
    if (config.effectiveTransport() == config::Transport::Tcp) {
        warn("TLS", "the link is not encrypted (tcp://)");
        return true;
    }
    auto target = agent::dialTarget(agent::optionsFrom(config));
    if (!target) {
        fail("TLS", target.error());
        return false;
    }
    target->timeout = std::chrono::milliseconds(StepTimeout);
    TlsProbe tls(m_io, std::move(*target));
    tls.run();
    if (tls.error && tls.error->kind == net::DialError::Kind::Untrusted) {
        fail("TLS", tls.error->text);
        return false;
    }
    if (tls.error) {
        // Another transport may still get through: the link decides.
        warn("TLS", tls.error->text);
        return true;
    }
    ok("TLS", tls.agreed + (config.pin               ? ", the pinned key"
                            : !config.caFile.empty() ? ", trusted by " + config.caFile
                            : !config.identity.certificate.empty()
                                ? ", trusted by this system or by the bundle's authority"
                                : ", trusted by this system"));
    return true;
}

void Doctor::checkLink()
{
    if (!m_token)
        return fail("Link", "not tried: there is no token");
    const control::TrialResult trial =
        control::tryRelay(m_settings.config, m_tokens.providerFor(m_settings.config), true);
    if (trial.outcome != control::TrialOutcome::Fine)
        return fail("Link", trial.problem);
    ok("Link", "the relay takes this agent, by " + trial.transport + " on port " +
                   std::to_string(trial.port) +
                   (trial.roundTrip ? ", latency " + milliseconds(*trial.roundTrip) : ""));
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
            return warn("Upstreams", text + ": " + found.error);
        addresses = std::move(found.addresses);
        if (host == "127.0.0.1")
            addresses.push_back(*net::Address::fromText("::1", port));
    }
    if (const auto problem = connectTo(std::move(addresses), nullptr))
        return warn("Upstreams", text + ": " + *problem);
    ok("Upstreams", text + " answers");
}

} // namespace sallyport::cli
