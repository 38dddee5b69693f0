// The operator's way into a running relay: a Unix socket in the state folder, for its owner alone.
// One command a connection, as a line ("status", "reload", "drain"); the answer is one line of
// JSON.
#pragma once

#include "admin/admin_server.h"

#include <QLocalServer>
#include <QObject>

#include <optional>
#include <string>

namespace sallyport::relay {

class ControlSocket final : public QObject
{
public:
    explicit ControlSocket(AdminCommands& commands);

    static std::string pathIn(const std::string& stateDir) { return stateDir + "/relay.sock"; }
    std::optional<std::string> listen(const std::string& stateDir);

    // The other end, for the commands of the program: asks and waits. Empty on failure, then
    // `error` says why.
    static std::string ask(const std::string& stateDir, const std::string& command,
                           std::string& error);

private:
    void accept();

    AdminCommands& m_commands;
    QLocalServer m_server;
    int m_connections = 0;
};

} // namespace sallyport::relay
