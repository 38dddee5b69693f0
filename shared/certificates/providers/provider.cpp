#include "providers/provider.h"

#include <QJsonDocument>

namespace sallyport::certificates {

std::unique_ptr<DnsProvider> DnsProvider::make(const config::DnsProviderConfig& config,
                                               const std::string& caFile)
{
    using Kind = config::DnsProviderConfig::Kind;
    switch (config.kind) {
    case Kind::None:
        return nullptr;
    case Kind::DigitalOcean:
        return makeDigitalOcean(config, caFile);
    case Kind::Cloudflare:
        return makeCloudflare(config, caFile);
    case Kind::Rfc2136:
        return makeRfc2136(config);
    case Kind::Exec:
        return makeExec(config);
    }
    return nullptr;
}

std::vector<std::string> zoneCandidates(const std::string& recordName)
{
    std::vector<std::string> zones;
    for (size_t dot = recordName.find('.'); dot != std::string::npos;
         dot = recordName.find('.', dot + 1)) {
        const std::string zone = recordName.substr(dot + 1);
        if (zone.find('.') != std::string::npos || zones.empty())
            zones.push_back(zone);
    }
    return zones;
}

std::string nameInZone(const std::string& recordName, const std::string& zone)
{
    if (recordName == zone)
        return "@";
    return recordName.ends_with("." + zone)
               ? recordName.substr(0, recordName.size() - zone.size() - 1)
               : recordName;
}

RestApi::RestApi(std::string base, Secret token, const std::string& caFile)
    : m_base(std::move(base)),
      m_token(std::move(token)),
      m_web({caFile, "sallyport", std::chrono::seconds(20)}),
      m_trouble(m_web.prepare())
{
    while (m_base.ends_with('/'))
        m_base.pop_back();
}

void RestApi::call(const std::string& method, const std::string& path, const QJsonObject* body,
                   Done done)
{
    if (m_trouble)
        return done(*m_trouble, 0, {});
    WebRequest request;
    request.method = method;
    request.url = m_base + path;
    request.headers = {{"Authorization", "Bearer " + std::string(m_token.reveal())},
                       {"Accept", "application/json"}};
    if (body) {
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = QJsonDocument(*body).toJson(QJsonDocument::Compact).toStdString();
    }
    m_web.send(request, [done = std::move(done)](const WebAnswer& answer) {
        if (!answer.trouble.empty())
            return done("the DNS provider can't be reached: " + answer.trouble, 0, {});
        const QJsonObject object =
            QJsonDocument::fromJson(QByteArray::fromStdString(answer.body)).object();
        if (answer.status == 401 || answer.status == 403)
            return done("the DNS provider refuses the token (status " +
                            std::to_string(answer.status) + ")",
                        answer.status, object);
        done({}, answer.status, object);
    });
}

} // namespace sallyport::certificates
