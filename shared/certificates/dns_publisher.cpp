#include "dns_asker.h"

#include <sallyport/certificates/dns_publisher.h>

namespace sallyport::certificates {

namespace {
constexpr size_t ChangesLimit = 1'000;
constexpr auto AskTimeout = std::chrono::seconds(5);
} // namespace

DnsPublisher::DnsPublisher(const config::DnsProviderConfig& config, const std::string& caFile,
                           observe::Log log)
    : m_config(config),
      m_log(std::move(log)),
      m_provider(DnsProvider::make(config, caFile)),
      m_asker(std::make_unique<DnsAsker>(AskTimeout))
{
    m_timeout.setSingleShot(true);
    m_timeout.callOnTimeout(this, [this] { changed("the DNS provider did not answer in time"); });
}

DnsPublisher::~DnsPublisher() = default;

void DnsPublisher::publish(const DnsRecord& record, DnsDone done)
{
    if (!m_provider)
        return done("dns-01 needs a DNS provider");
    if (m_changes.size() >= ChangesLimit)
        return done("too many changes of records wait for the DNS provider");
    m_changes.push_back({record, false, std::move(done)});
    next();
}

void DnsPublisher::withdraw(const DnsRecord& record)
{
    if (!m_provider)
        return;
    m_changes.push_back({record, true, [this, name = record.name](auto trouble) {
                             if (trouble)
                                 m_log.warning("cannot remove a DNS record",
                                               {{"name", name}, {"reason", *trouble}});
                         }});
    next();
}

void DnsPublisher::next()
{
    if (m_busy || m_changes.empty())
        return;
    m_busy = true;
    m_timeout.start(m_config.timeout);
    // An answer that comes after its time was over belongs to nobody.
    const auto done = [this, turn = ++m_turn](std::optional<std::string> trouble) {
        QMetaObject::invokeMethod(
            this,
            [this, turn, trouble = std::move(trouble)] {
                if (turn == m_turn && m_busy)
                    changed(trouble);
            },
            Qt::QueuedConnection);
    };
    const Change& change = m_changes.front();
    if (change.remove)
        m_provider->remove(change.record, done);
    else
        m_provider->add(change.record, done);
}

void DnsPublisher::changed(std::optional<std::string> trouble)
{
    m_busy = false;
    ++m_turn;
    m_timeout.stop();
    Change change = std::move(m_changes.front());
    m_changes.pop_front();
    m_log.debug(change.remove ? "DNS record removed" : "DNS record added",
                {{"name", change.record.name}, {"trouble", trouble.value_or("")}});
    if (trouble || change.remove)
        change.done(trouble);
    else
        waitUntilSeen(change);
    next();
}

void DnsPublisher::waitUntilSeen(const Change& change)
{
    QTimer::singleShot(m_config.propagation.wait, this, [this, change] {
        std::vector<DnsServer> servers;
        for (const std::string& text : m_config.propagation.servers)
            servers.push_back(DnsServer::parse(text));
        m_asker->waitForText(servers, change.record.name, change.record.value,
                             m_config.propagation.timeout, change.done);
    });
}

} // namespace sallyport::certificates
