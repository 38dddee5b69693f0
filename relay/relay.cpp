#include "relay.h"

#include "admin/status_report.h"
#include "state_files.h"
#include "worker_core.h"

#include <sallyport/net/listener.h>

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <atomic>

namespace sallyport::relay {

using std::chrono::milliseconds;

namespace {
constexpr auto DrainCheckInterval = milliseconds(50);

QString text(std::string_view s)
{
    return QString::fromUtf8(s.data(), qsizetype(s.size()));
}

std::string jsonLine(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}
} // namespace

Relay::Relay(config::RelayConfig config, observe::Log log)
    : m_shared(std::move(config), std::move(log))
{
    m_drainTimer.callOnTimeout(this, &Relay::checkDrained);
}

Relay::~Relay()
{
    m_shared.passwords.stop();
    for (auto& worker : m_workers)
        worker->stop();
}

std::optional<std::string> Relay::start()
{
    m_started = Clock::now();
    if (auto trouble = prepareStateFolder(m_shared.config))
        return trouble;
    auto audit =
        AuditLog::forRelay(m_shared.config.audit, m_shared.config.auditFile(), m_shared.log);
    if (!audit)
        return audit.error();
    m_shared.audit = *audit;
    if (auto trouble = prepareKeys())
        return trouble;

    // Sockets first: whoever may not listen hears it before anything else is done.
    size_t workerCount = m_shared.config.workers;
    if (workerCount == 0)
        workerCount = size_t(std::max(1, QThread::idealThreadCount()));
    std::vector<WorkerListeners> listeners(workerCount);
    if (auto trouble = openListeners(listeners))
        return trouble;
    if (auto trouble = prepareTokens())
        return trouble;

    m_control = std::make_unique<ControlPlane>(m_shared, m_httpPort);
    std::vector<Worker*> workers;
    for (size_t i = 0; i < workerCount; ++i) {
        m_workers.push_back(std::make_unique<Worker>(int(i), m_shared, *m_control));
        workers.push_back(m_workers.back().get());
    }
    m_control->setWorkers(workers);
    if (auto trouble = m_control->credentials().start())
        return trouble;
    if (auto trouble = startCertificates())
        return trouble;

    m_admin = std::make_unique<AdminServer>(static_cast<AdminCommands&>(*this), m_shared.log);
    for (const config::ListenAddress& address : m_shared.config.listen.admin)
        if (auto trouble = m_admin->listen(address))
            return trouble;
    m_controlSocket = std::make_unique<ControlSocket>(static_cast<AdminCommands&>(*this));
    if (auto trouble = m_controlSocket->listen(m_shared.config.stateDir))
        return trouble;

    const TimePoint graceEnds = Clock::now() + m_shared.config.reconnectGrace;
    m_shared.startupGraceEnds = graceEnds.time_since_epoch().count();
    // Coarse timers may fire too early, and who is asked again within the grace waits once more.
    QTimer::singleShot(m_shared.config.reconnectGrace + milliseconds(5), Qt::PreciseTimer, this,
                       [this] {
                           for (auto& worker : m_workers)
                               worker->post([](WorkerCore& core) { core.routesChanged(); });
                       });
    for (size_t i = 0; i < workerCount; ++i)
        m_workers[i]->start(std::move(listeners[i]), workers);
    m_shared.log.info(
        "relay up", {{"domain", m_shared.config.domain}, {"workers", workerCount}, {"pin", m_pin}});
    m_shared.audit.record(AuditEvent::RelayStarted,
                          {{"version", SALLYPORT_VERSION}, {"domain", m_shared.config.domain}});
    return std::nullopt;
}

std::optional<std::string> Relay::prepareKeys()
{
    auto keys = relayKeys(m_shared.config);
    if (!keys)
        return "the relay's key: " + keys.error();
    auto context = agentTlsContext(m_shared.config, std::nullopt);
    if (!context)
        return "the relay's key: " + context.error();
    m_shared.agentTls.publish(*context);
    if (auto pin = tls::spkiPin(keys->chainPem))
        m_pin = pin->toString();
    return std::nullopt;
}

std::optional<std::string> Relay::prepareTokens()
{
    auth::TokenStore store(m_shared.config.tokensFile());
    auto tokens = store.load();
    if (!tokens)
        return tokens.error().text();
    if (!(*tokens)->empty() || Credentials::takesMoreThanTokens(m_shared.config))
        return std::nullopt;
    auth::TokenRequest request;
    request.name = "default";
    auto added = store.add(request, auth::timestampNow());
    if (!added)
        return added.error().message;
    auto keys = relayKeys(m_shared.config);
    if (!keys)
        return keys.error();
    m_shared.audit.record(AuditEvent::TokenAdded, {{"source", "first start"},
                                                   {"tenant", added->record.name},
                                                   {"credential", added->record.id}});
    m_joinLine = relay::joinLine(m_shared.config, added->token, *keys, m_agentsPort);
    return std::nullopt;
}

std::optional<std::string> Relay::startCertificates()
{
    const config::RelayConfig& config = m_shared.config;
    if (config.hsts.maxAge.count() > 0) {
        const auto age = std::chrono::duration_cast<std::chrono::seconds>(config.hsts.maxAge);
        m_shared.hsts = "max-age=" + std::to_string(age.count());
        if (config.hsts.includeSubdomains)
            m_shared.hsts += "; includeSubDomains";
    }
    if (config.tls.mode == config::RelayConfig::TlsMode::Acme)
        return startAcme();
    if (config.tls.mode != config::RelayConfig::TlsMode::Files)
        return std::nullopt;
    CertificateFiles::Pairs pairs = config.tls.certificates;
    if (!config.tls.certificate.empty())
        pairs[config::RelayConfig::OwnCertificate] = {config.tls.certificate, config.tls.key};
    if (!config.tls.defaultCertificate.empty())
        m_control->certificates().setDefault("files/" + config.tls.defaultCertificate);
    m_certificateFiles =
        std::make_unique<CertificateFiles>(m_control->certificates(), m_shared.log);
    auto trouble = m_certificateFiles->start(std::move(pairs));
    return trouble ? std::optional("tls.certificates: " + *trouble) : std::nullopt;
}

std::optional<std::string> Relay::startAcme()
{
    m_acme = std::make_unique<AcmeService>(m_shared, m_control->certificates());
    m_control->watchHosts([this](const auto& hosts) { m_acme->setHosts(hosts); });
    return m_acme->start();
}

std::optional<std::string> Relay::openListeners(std::vector<WorkerListeners>& listeners)
{
    const auto& listen = m_shared.config.listen;
    if (auto trouble = open(listen.http, "http", listeners, &WorkerListeners::http, m_httpPort))
        return trouble;
    if (auto trouble =
            open(listen.https, "https", listeners, &WorkerListeners::https, m_shared.httpsPort))
        return trouble;
    return open(listen.agents, "agents", listeners, &WorkerListeners::agents, m_agentsPort);
}

std::optional<std::string> Relay::open(const std::vector<config::ListenAddress>& addresses,
                                       std::string_view what,
                                       std::vector<WorkerListeners>& listeners,
                                       std::vector<net::Socket> WorkerListeners::*into,
                                       uint16_t& firstPort)
{
    for (const config::ListenAddress& wanted : addresses) {
        const bool any = wanted.host.empty();
        net::Address address = any ? net::Address::anyIpv6(wanted.port)
                                   : *net::Address::fromText(wanted.host, wanted.port);
        // A first, exclusive try tells a port that another program holds; our own share it then.
        auto exclusive = net::Listener::open(address, false);
        if (!exclusive && any) {
            address = net::Address::anyIpv4(wanted.port);
            exclusive = net::Listener::open(address, false);
        }
        if (!exclusive)
            return "listen." + std::string(what) + " " + wanted.text() + ": " +
                   exclusive.error().text() +
                   (exclusive.error().code == EACCES
                        ? " (ports below 1024 need CAP_NET_BIND_SERVICE)"
                        : "");
        address = exclusive->localAddress();
        exclusive->close();
        for (WorkerListeners& of : listeners) {
            auto socket = net::Listener::open(address, true);
            if (!socket)
                return "listen." + std::string(what) + " " + wanted.text() + ": " +
                       socket.error().text();
            (of.*into).push_back(std::move(*socket));
        }
        if (firstPort == 0)
            firstPort = address.port();
        m_shared.log.info("listening", {{"for", what}, {"address", address.toString()}});
    }
    return std::nullopt;
}

// --- reload, status ---

void Relay::reload()
{
    reloadFor("signal");
}

bool Relay::reloadFor(std::string_view source)
{
    bool ok = m_control->credentials().reload();
    if (m_certificateFiles)
        ok = m_certificateFiles->reload() && ok;
    m_shared.audit.record(AuditEvent::RelayReloaded, {{"source", source}, {"ok", ok}});
    return ok;
}

std::string Relay::reloadCommand()
{
    const bool ok = reloadFor("command");
    QJsonObject answer{{"ok", ok}, {"tokens", qint64(m_control->credentials().tokenCount())}};
    if (!ok)
        answer["error"] = m_control->credentials().health().ok
                              ? QStringLiteral("a certificate was refused; see the relay's log")
                              : text(m_control->credentials().health().trouble);
    return jsonLine(answer);
}

std::string Relay::drainCommand()
{
    QMetaObject::invokeMethod(this, &Relay::stop, Qt::QueuedConnection);
    return jsonLine({{"ok", true}});
}

std::string Relay::status()
{
    return statusReport({m_shared, *m_control, m_acme.get(), m_pin, m_started});
}

// --- stopping ---

void Relay::stop()
{
    if (m_finished)
        return;
    if (std::exchange(m_stopping, true) || !m_control)
        return finish();
    m_shared.draining = true;
    m_control->markDraining();
    const milliseconds deadline = m_shared.config.shutdownTimeout;
    m_shared.log.info("stopping", {{"at_most", deadline}});
    m_shared.audit.record(AuditEvent::RelayDraining, {{"at_most_ms", deadline.count()}});
    for (auto& worker : m_workers)
        worker->post([deadline](WorkerCore& core) {
            core.stopAccepting();
            core.drainLinks(deadline);
            core.finishVisitors();
        });
    m_drainDeadline = Clock::now() + deadline;
    m_drainTimer.start(DrainCheckInterval);
}

// Asks every worker how many visitors are still under way; ends when none is.
void Relay::checkDrained()
{
    if (Clock::now() >= m_drainDeadline)
        return finish();
    struct Count
    {
        std::atomic<size_t> busy{0};
        std::atomic<size_t> answers{0};
    };
    auto count = std::make_shared<Count>();
    for (auto& worker : m_workers) {
        worker->post([this, count, all = m_workers.size()](WorkerCore& core) {
            count->busy += core.busyCount();
            if (++count->answers == all && count->busy == 0)
                QMetaObject::invokeMethod(this, &Relay::finish, Qt::QueuedConnection);
        });
    }
}

void Relay::finish()
{
    if (std::exchange(m_finished, true))
        return;
    m_drainTimer.stop();
    for (auto& worker : m_workers)
        worker->stop();
    if (m_control)
        m_control->credentials().saveUsage();
    m_shared.log.info("stopped");
    m_shared.audit.record(AuditEvent::RelayStopped);
    m_shared.audit.flush();
    emit stopped();
}

} // namespace sallyport::relay
