// TXT records for dns-01: makes them at a provider, waits until they can be seen, takes them away.
//
// One change at a time: providers lose one of two that meet. Errors are sentences without secrets.
// Threads: that of its owner.
#pragma once

#include <sallyport/config/acme_config.h>
#include <sallyport/observe/log.h>

#include <QTimer>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace sallyport::certificates {

// "_acme-challenge.example.com" without a final dot.
struct DnsRecord
{
    std::string name;
    std::string value;

    bool operator==(const DnsRecord&) const = default;
};

// The trouble, or nothing when it is done.
using DnsDone = std::function<void(std::optional<std::string>)>;

// One way to change records. Each call is answered once, by the event loop or inside; the publisher
// makes one at a time. Adding must keep other values of the name; removing what is not there is
// fine.
class DnsProvider
{
public:
    virtual ~DnsProvider() = default;
    virtual void add(const DnsRecord& record, DnsDone done) = 0;
    virtual void remove(const DnsRecord& record, DnsDone done) = 0;

    // Null with Kind::None. `caFile` is for the REST API's HTTPS.
    static std::unique_ptr<DnsProvider> make(const config::DnsProviderConfig& config,
                                             const std::string& caFile);
};

class DnsAsker;

class DnsPublisher final : public QObject
{
    Q_OBJECT

public:
    DnsPublisher(const config::DnsProviderConfig& config, const std::string& caFile,
                 observe::Log log);
    ~DnsPublisher() override;

    // Answers when the record can be seen, or why not.
    void publish(const DnsRecord& record, DnsDone done);
    // No answer: trouble is logged.
    void withdraw(const DnsRecord& record);

private:
    struct Change
    {
        DnsRecord record;
        bool remove = false;
        DnsDone done;
    };
    void next();
    void changed(std::optional<std::string> trouble);
    void waitUntilSeen(const Change& change);

    config::DnsProviderConfig m_config;
    observe::Log m_log;
    std::unique_ptr<DnsProvider> m_provider;
    std::unique_ptr<DnsAsker> m_asker;
    std::deque<Change> m_changes; // the first is under way
    bool m_busy = false;
    uint64_t m_turn = 0;
    QTimer m_timeout;
};

} // namespace sallyport::certificates
