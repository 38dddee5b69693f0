// What the providers have in common. Private to this library.
#pragma once

#include <sallyport/certificates/dns_publisher.h>
#include <sallyport/certificates/web_client.h>

#include <QJsonObject>

#include <memory>
#include <string>
#include <vector>

namespace sallyport::certificates {

// The names that may be the zone of a record, longest first: "_acme-challenge.a.example.com" gives
// "a.example.com", "example.com".
std::vector<std::string> zoneCandidates(const std::string& recordName);

// "_acme-challenge.a" of "_acme-challenge.a.example.com" in "example.com"; "@" for the zone itself.
std::string nameInZone(const std::string& recordName, const std::string& zone);

// A JSON API behind a bearer token. The callback hears either trouble or an object.
class RestApi
{
public:
    RestApi(std::string base, Secret token, const std::string& caFile);

    using Done = std::function<void(const std::string& trouble, int status, const QJsonObject&)>;
    void call(const std::string& method, const std::string& path, const QJsonObject* body,
              Done done);

private:
    std::string m_base;
    Secret m_token;
    WebClient m_web;
    std::optional<std::string> m_trouble;
};

std::unique_ptr<DnsProvider> makeDigitalOcean(const config::DnsProviderConfig&,
                                              const std::string& caFile);
std::unique_ptr<DnsProvider> makeCloudflare(const config::DnsProviderConfig&,
                                            const std::string& caFile);
std::unique_ptr<DnsProvider> makeRfc2136(const config::DnsProviderConfig&);
std::unique_ptr<DnsProvider> makeExec(const config::DnsProviderConfig&);

} // namespace sallyport::certificates
