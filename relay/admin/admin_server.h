// The admin listener: GET /health over HTTP, on loopback by default. Bounded: few connections,
// small requests, short times. Runs on the control thread.
#pragma once

#include "identity/credentials.h"

#include <sallyport/config/addresses.h>
#include <sallyport/observe/log.h>

#include <QObject>
#include <QTcpServer>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::relay {

// What an operator can ask of a running relay. Answers are one line of JSON.
class AdminCommands
{
public:
    virtual Credentials::Health health() = 0;
    virtual std::string status() = 0;
    virtual std::string reloadCommand() = 0;
    virtual std::string drainCommand() = 0;

protected:
    ~AdminCommands() = default;
};

class AdminServer final : public QObject
{
public:
    AdminServer(AdminCommands& commands, observe::Log log);

    // The reason, for a person, when the address cannot be listened on.
    std::optional<std::string> listen(const config::ListenAddress& address);

private:
    void accept(QTcpServer& server);
    void handle(QTcpSocket& socket);

    AdminCommands& m_commands;
    observe::Log m_log;
    std::vector<std::unique_ptr<QTcpServer>> m_servers;
    int m_connections = 0;
};

} // namespace sallyport::relay
