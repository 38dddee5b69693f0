// DigitalOcean's API, version 2: /v2/domains/ZONE/records.
#include "providers/provider.h"

#include <QJsonArray>
#include <QUrl>

namespace sallyport::certificates {

namespace {

class DigitalOcean final : public DnsProvider
{
public:
    DigitalOcean(const config::DnsProviderConfig& config, const std::string& caFile)
        : m_config(config),
          m_api(config.api.empty() ? "https://api.digitalocean.com" : config.api,
                config.token.value_or(Secret()), caFile)
    {}

    void add(const DnsRecord& record, DnsDone done) override
    {
        withZone(record, std::move(done), [this, record](const std::string& zone, DnsDone then) {
            const QJsonObject body{{"type", "TXT"},
                                   {"name", QString::fromStdString(nameInZone(record.name, zone))},
                                   {"data", QString::fromStdString(record.value)},
                                   {"ttl", qint64(std::max<uint64_t>(m_config.ttl, 30))}};
            m_api.call("POST", "/v2/domains/" + zone + "/records", &body, expect(201, then));
        });
    }

    void remove(const DnsRecord& record, DnsDone done) override
    {
        withZone(record, std::move(done), [this, record](const std::string& zone, DnsDone then) {
            const std::string name =
                QUrl::toPercentEncoding(QString::fromStdString(record.name)).toStdString();
            m_api.call("GET", "/v2/domains/" + zone + "/records?type=TXT&per_page=200&name=" + name,
                       nullptr,
                       [this, record, zone, then](const std::string& trouble, int status,
                                                  const QJsonObject& answer) {
                           if (!trouble.empty() || status != 200)
                               return then(problem(trouble, status, answer));
                           removeFound(record, zone, answer, then);
                       });
        });
    }

private:
    using WithZone = std::function<void(const std::string& zone, DnsDone)>;

    static std::string problem(const std::string& trouble, int status, const QJsonObject& answer)
    {
        return !trouble.empty() ? trouble
                                : "DigitalOcean answers " + std::to_string(status) + ": " +
                                      answer["message"].toString().left(200).toStdString();
    }

    static RestApi::Done expect(int wanted, DnsDone done)
    {
        return [wanted, done](const std::string& trouble, int status, const QJsonObject& answer) {
            if (trouble.empty() && status == wanted)
                return done(std::nullopt);
            done(problem(trouble, status, answer));
        };
    }

    void withZone(const DnsRecord& record, DnsDone done, WithZone use)
    {
        if (!m_config.zone.empty())
            return use(m_config.zone, std::move(done));
        tryZone(zoneCandidates(record.name), 0, std::move(done), std::move(use));
    }

    void tryZone(std::vector<std::string> zones, size_t i, DnsDone done, WithZone use)
    {
        if (i >= zones.size())
            return done("DigitalOcean has no zone for this name");
        const std::string path = "/v2/domains/" + zones[i];
        m_api.call("GET", path, nullptr,
                   [this, zones, i, done, use](const std::string& trouble, int status,
                                               const QJsonObject& answer) {
                       if (trouble.empty() && status == 404)
                           return tryZone(zones, i + 1, done, use);
                       if (!trouble.empty() || status != 200)
                           return done(problem(trouble, status, answer));
                       use(zones[i], done);
                   });
    }

    void removeFound(const DnsRecord& record, const std::string& zone, const QJsonObject& answer,
                     const DnsDone& done)
    {
        for (const QJsonValue& item : answer["domain_records"].toArray()) {
            if (item["data"].toString().toStdString() != record.value)
                continue;
            const auto id = std::to_string(item["id"].toInteger());
            return m_api.call("DELETE", "/v2/domains/" + zone + "/records/" + id, nullptr,
                              expect(204, done));
        }
        done(std::nullopt);
    }

    config::DnsProviderConfig m_config;
    RestApi m_api;
};

} // namespace

std::unique_ptr<DnsProvider> makeDigitalOcean(const config::DnsProviderConfig& config,
                                              const std::string& caFile)
{
    return std::make_unique<DigitalOcean>(config, caFile);
}

} // namespace sallyport::certificates
