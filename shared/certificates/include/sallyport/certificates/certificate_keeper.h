// Keeps certificates by ACME: the driver of acme::Manager, with network, files, DNS and clock.
//
//     CertificateKeeper keeper(options, owner);
//     if (auto trouble = keeper.start()) ...
//     keeper.want("app.example.com", {"app.example.com"});
//
// What was obtained in an earlier run is taken from the folder; an order that was under way when
// the program was killed is gone on with. HTTP-01 and TLS-ALPN-01 answers are published by the
// owner, DNS-01 records by the configured provider.
//
// Threads: that of its owner's event loop; nothing blocks it but small files. The owner is called
// by the event loop and inside want().
#pragma once

#include <sallyport/acme/manager.h>
#include <sallyport/certificates/certificate_files.h>
#include <sallyport/certificates/dns_publisher.h>
#include <sallyport/certificates/web_client.h>
#include <sallyport/config/acme_config.h>
#include <sallyport/observe/log.h>

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::certificates {

class CertificateOwner
{
public:
    // http-01 or tls-alpn-01: must be answered from now on. The reason when that can't be.
    virtual std::optional<std::string> publishChallenge(const acme::Challenge& challenge) = 0;
    virtual void withdrawChallenge(const acme::Challenge& challenge) = 0;
    virtual void certificateReady(const acme::CertificateReady& certificate) = 0;
    virtual void certificateFailed(const acme::CertificateFailed& failure) = 0;
    virtual void certificateDropped(const std::string& id) = 0;
    // statuses() would tell something new.
    virtual void certificatesChanged() = 0;

protected:
    ~CertificateOwner() = default;
};

class CertificateKeeper final : public QObject
{
    Q_OBJECT

public:
    struct Options
    {
        config::AcmeConfig acme;
        std::string email;
        std::string folder; // made when missing
        std::string userAgent = "sallyport";
        observe::Log log;
    };
    CertificateKeeper(Options options, CertificateOwner& owner);
    ~CertificateKeeper() override;

    // Account and folder; the reason when they can't be used.
    std::optional<std::string> start();

    // After start(): what earlier runs obtained and is still valid, whoever wants it now, with the
    // id that want() would give it. For serving visitors who come before a tunnel is back.
    struct Stored
    {
        std::string id;
        std::vector<std::string> names;
        tls::KeyPair keys;
    };
    std::vector<Stored> stored() const;

    // False when as many as allowed are wanted. `names` may hold wildcards with dns-01.
    bool want(const std::string& id, const std::vector<std::string>& names);
    void unwant(const std::string& id);
    void renewNow(const std::string& id);

    std::vector<acme::CertificateStatus> statuses() const;

private:
    void pump();
    void later();
    void send(const acme::Request& request);
    void take(acme::ManagerEvent event);
    void present(const acme::PresentChallenge& present);
    void note(const Result<void, std::string>& saved) const;

    Options m_options;
    CertificateOwner& m_owner;
    CertificateFiles m_files;
    std::optional<CertificateFiles::Account> m_account;
    WebClient m_web;
    DnsPublisher m_dns;
    std::unique_ptr<acme::Manager> m_manager;
    QTimer m_timer;
    uint64_t m_seenVersion = 0;
    bool m_pumping = false;
    bool m_posted = false;
};

} // namespace sallyport::certificates
