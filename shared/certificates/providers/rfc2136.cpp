// Dynamic updates (RFC 2136) signed by TSIG, by TCP to one name server. The zone is the one that
// the server names in its SOA record.
#include "dns_asker.h"
#include "providers/provider.h"

#include <sallyport/dns/message.h>
#include <sallyport/dns/tsig.h>

#include <QByteArray>
#include <QRandomGenerator>

#include <chrono>

namespace sallyport::certificates {

namespace {

uint16_t randomId()
{
    return uint16_t(QRandomGenerator::system()->bounded(65536));
}

uint64_t secondsNow()
{
    return uint64_t(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
}

class Rfc2136 final : public DnsProvider
{
public:
    explicit Rfc2136(const config::DnsProviderConfig& config)
        : m_server(DnsServer::parse(config.server)),
          m_zone(config.zone),
          m_ttl(uint32_t(config.ttl)),
          m_asker(config.timeout)
    {
        using Algorithm = config::DnsProviderConfig::Tsig::Algorithm;
        m_key.name = config.tsig.name;
        m_key.algorithm = config.tsig.algorithm == Algorithm::HmacSha512
                              ? dns::TsigAlgorithm::HmacSha512
                              : dns::TsigAlgorithm::HmacSha256;
        if (!config.tsig.secret)
            return;
        const auto decoded = QByteArray::fromBase64Encoding(
            QByteArray::fromStdString(std::string(config.tsig.secret->reveal())),
            QByteArray::AbortOnBase64DecodingErrors);
        if (!decoded || decoded.decoded.isEmpty())
            m_trouble = "the TSIG secret is not base64";
        m_key.secret = Secret(decoded.decoded.toStdString());
    }

    void add(const DnsRecord& record, DnsDone done) override { change(record, false, done); }
    void remove(const DnsRecord& record, DnsDone done) override { change(record, true, done); }

private:
    void change(const DnsRecord& record, bool remove, const DnsDone& done)
    {
        if (m_trouble)
            return done(m_trouble);
        if (!m_zone.empty())
            return update(m_zone, record, remove, done);
        const std::string question = dns::query(randomId(), record.name, dns::Type::Soa);
        m_asker.ask(m_server, question, [this, record, remove, done, question](const auto& got) {
            if (!got)
                return done(got.error());
            const auto answer = dns::parseAnswer(got.value(), question);
            if (!answer)
                return done(answer.error());
            if (answer.value().zone.empty() || answer.value().zone == ".")
                return done("the name server has no zone for " + record.name + " (" +
                            dns::codeText(answer.value().code) + ")");
            update(answer.value().zone, record, remove, done);
        });
    }

    void update(const std::string& zone, const DnsRecord& record, bool remove, const DnsDone& done)
    {
        const std::string plain =
            dns::update(randomId(), {zone, record.name, record.value, m_ttl, remove});
        if (plain.empty())
            return done(record.name + " is no DNS name");
        if (m_key.name.empty())
            return send({plain, {}}, plain, done);
        auto request = dns::sign(plain, m_key, secondsNow());
        if (!request)
            return done(request.error());
        send(std::move(*request), plain, done);
    }

    void send(dns::SignedMessage request, const std::string& plain, const DnsDone& done)
    {
        m_asker.ask(m_server, request.message, [this, request, plain, done](const auto& got) {
            if (!got)
                return done(got.error());
            if (!request.mac.empty()) {
                const auto genuine = dns::verify(got.value(), request, m_key, secondsNow());
                if (!genuine)
                    return done(genuine.error());
            }
            const auto answer = dns::parseAnswer(got.value(), plain);
            if (!answer)
                return done(answer.error());
            if (answer.value().code != 0)
                return done("the name server refuses the update: " +
                            dns::codeText(answer.value().code));
            done(std::nullopt);
        });
    }

    DnsServer m_server;
    std::string m_zone;
    uint32_t m_ttl;
    dns::TsigKey m_key;
    DnsAsker m_asker;
    std::optional<std::string> m_trouble;
};

} // namespace

std::unique_ptr<DnsProvider> makeRfc2136(const config::DnsProviderConfig& config)
{
    return std::make_unique<Rfc2136>(config);
}

} // namespace sallyport::certificates
