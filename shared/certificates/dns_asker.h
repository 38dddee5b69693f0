// Messages to name servers, by TCP: long answers and signed updates fit, and nothing is lost.
// Private to this library.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/dns/message.h>

#include <QObject>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::certificates {

struct DnsServer
{
    std::string host;
    uint16_t port = 53;

    // "host", "host:port".
    static DnsServer parse(const std::string& text);
};

class DnsAsker final : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(const Result<std::string, std::string>&)>;

    explicit DnsAsker(std::chrono::milliseconds timeout) : m_timeout(timeout) {}

    // One message by TCP (RFC 7766); answered once, by the event loop. Dropped with this object.
    void ask(const DnsServer& server, const std::string& message, Done done);

    // Calls back with nothing once all servers show the value, or with a sentence when the time is
    // over.
    using Seen = std::function<void(std::optional<std::string>)>;
    void waitForText(const std::vector<DnsServer>& servers, const std::string& name,
                     const std::string& value, std::chrono::milliseconds atMost, Seen seen);

private:
    struct Wait;
    void look(std::shared_ptr<Wait> wait);

    std::chrono::milliseconds m_timeout;
};

} // namespace sallyport::certificates
