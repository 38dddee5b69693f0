// The relay as a whole: the one place where its parts are made and joined.
//
// Start: keys and credentials, listening sockets, workers, control plane, admin. Stop: no new
// visitors and agents; agents are told to go; visitors under way finish; what is left at the
// deadline is cut.
#pragma once

#include "admin/admin_server.h"
#include "admin/control_socket.h"
#include "certificates/acme_service.h"
#include "certificates/certificate_files.h"
#include "control_plane.h"
#include "shared_state.h"
#include "worker.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::relay {

class Relay final : public QObject, private AdminCommands
{
    Q_OBJECT

public:
    Relay(config::RelayConfig config, observe::Log log);
    ~Relay() override;

    // The reason, for a person, when it cannot start.
    std::optional<std::string> start();
    // The join line of a token that start() made because there was none.
    const std::optional<std::string>& joinLine() const { return m_joinLine; }

    void reload();
    // Emits stopped() when done. A second call stops at once.
    void stop();

signals:
    void stopped();

private:
    std::optional<std::string> prepareKeys();
    std::optional<std::string> prepareTokens();
    std::optional<std::string> startCertificates();
    std::optional<std::string> startAcme();
    std::optional<std::string> openListeners(std::vector<WorkerListeners>& listeners);
    std::optional<std::string> open(const std::vector<config::ListenAddress>& addresses,
                                    std::string_view what, std::vector<WorkerListeners>& listeners,
                                    std::vector<net::Socket> WorkerListeners::*into,
                                    uint16_t& firstPort);
    bool reloadFor(std::string_view source);
    void checkDrained();
    void finish();

    // AdminCommands
    std::string status() override;
    std::string reloadCommand() override;
    std::string drainCommand() override;
    Credentials::Health health() override { return m_control->credentials().health(); }

    SharedState m_shared;
    std::string m_pin;
    std::optional<std::string> m_joinLine;
    uint16_t m_httpPort = 0;
    uint16_t m_agentsPort = 0;
    std::unique_ptr<ControlPlane> m_control;
    std::unique_ptr<CertificateFiles> m_certificateFiles; // with tls.mode: files
    std::vector<std::unique_ptr<Worker>> m_workers;
    std::unique_ptr<AcmeService> m_acme;
    std::unique_ptr<AdminServer> m_admin;
    std::unique_ptr<ControlSocket> m_controlSocket;
    QTimer m_drainTimer;
    TimePoint m_drainDeadline{};
    TimePoint m_started{};
    bool m_stopping = false;
    bool m_finished = false;
};

} // namespace sallyport::relay
