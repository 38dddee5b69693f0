// Cloudflare's API, version 4: /client/v4/zones/ID/dns_records. Every answer has "success",
// "errors" and "result".
#include "providers/provider.h"

#include <QJsonArray>
#include <QUrl>

namespace sallyport::certificates {

namespace {

class Cloudflare final : public DnsProvider
{
public:
    Cloudflare(const config::DnsProviderConfig& config, const std::string& caFile)
        : m_config(config),
          m_api(config.api.empty() ? "https://api.cloudflare.com" : config.api,
                config.token.value_or(Secret()), caFile)
    {}

    void add(const DnsRecord& record, DnsDone done) override
    {
        withZone(record, std::move(done), [this, record](const std::string& zone, DnsDone then) {
            const QJsonObject body{{"type", "TXT"},
                                   {"name", QString::fromStdString(record.name)},
                                   {"content", QString::fromStdString("\"" + record.value + "\"")},
                                   {"ttl", qint64(std::max<uint64_t>(m_config.ttl, 60))}};
            m_api.call("POST", records(zone), &body,
                       [then](const std::string& trouble, int status, const QJsonObject& answer) {
                           then(good(trouble, answer)
                                    ? std::nullopt
                                    : std::optional(problem(trouble, status, answer)));
                       });
        });
    }

    void remove(const DnsRecord& record, DnsDone done) override
    {
        withZone(record, std::move(done), [this, record](const std::string& zone, DnsDone then) {
            m_api.call("GET", records(zone) + "?type=TXT&per_page=100&name=" + encoded(record.name),
                       nullptr,
                       [this, record, zone, then](const std::string& trouble, int status,
                                                  const QJsonObject& answer) {
                           if (!good(trouble, answer))
                               return then(problem(trouble, status, answer));
                           removeFound(record, zone, answer, then);
                       });
        });
    }

private:
    using WithZone = std::function<void(const std::string& zoneId, DnsDone)>;

    static std::string encoded(const std::string& text)
    {
        return QUrl::toPercentEncoding(QString::fromStdString(text)).toStdString();
    }
    static std::string records(const std::string& zoneId)
    {
        return "/client/v4/zones/" + encoded(zoneId) + "/dns_records";
    }
    static bool good(const std::string& trouble, const QJsonObject& answer)
    {
        return trouble.empty() && answer["success"].toBool();
    }
    static std::string problem(const std::string& trouble, int status, const QJsonObject& answer)
    {
        return !trouble.empty()
                   ? trouble
                   : "Cloudflare answers " + std::to_string(status) + ": " +
                         answer["errors"][0]["message"].toString().left(200).toStdString();
    }

    void withZone(const DnsRecord& record, DnsDone done, WithZone use)
    {
        if (!m_config.zone.empty())
            return tryZone({m_config.zone}, 0, std::move(done), std::move(use));
        tryZone(zoneCandidates(record.name), 0, std::move(done), std::move(use));
    }

    void tryZone(std::vector<std::string> zones, size_t i, DnsDone done, WithZone use)
    {
        if (i >= zones.size())
            return done("Cloudflare has no zone for this name, or the token may not see it");
        const std::string path = "/client/v4/zones?name=" + encoded(zones[i]);
        m_api.call("GET", path, nullptr,
                   [this, zones, i, done, use](const std::string& trouble, int status,
                                               const QJsonObject& answer) {
                       if (!good(trouble, answer))
                           return done(problem(trouble, status, answer));
                       const QString id = answer["result"][0]["id"].toString();
                       if (id.isEmpty())
                           return tryZone(zones, i + 1, done, use);
                       use(id.toStdString(), done);
                   });
    }

    void removeFound(const DnsRecord& record, const std::string& zone, const QJsonObject& answer,
                     const DnsDone& done)
    {
        for (const QJsonValue& item : answer["result"].toArray()) {
            QString content = item["content"].toString();
            content.remove('"');
            if (content.toStdString() != record.value)
                continue;
            const std::string path =
                records(zone) + "/" + encoded(item["id"].toString().toStdString());
            return m_api.call(
                "DELETE", path, nullptr,
                [done](const std::string& trouble, int status, const QJsonObject& removed) {
                    done(good(trouble, removed) ? std::nullopt
                                                : std::optional(problem(trouble, status, removed)));
                });
        }
        done(std::nullopt);
    }

    config::DnsProviderConfig m_config;
    RestApi m_api;
};

} // namespace

std::unique_ptr<DnsProvider> makeCloudflare(const config::DnsProviderConfig& config,
                                            const std::string& caFile)
{
    return std::make_unique<Cloudflare>(config, caFile);
}

} // namespace sallyport::certificates
