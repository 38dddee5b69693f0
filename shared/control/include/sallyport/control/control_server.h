// A running agent's control socket: JSON lines, each request with one answer, and events for those
// who subscribe. docs/control-socket.md has every message.
//
// Any AgentControl can be served; without one, status, retry and stop alone are, which every agent
// answers.
//
// Bounded (Limits): clients at once, bytes of a request, requests under way, and bytes waiting for
// a client. A slow one gets the newest snapshot when it reads on; one that falls further behind is
// cut and may come again. Only the user who runs the agent may connect.
//
// Threads: the agent's. Lifetime: what it serves outlives it.
#pragma once

#include <sallyport/control/agent_control.h>

#include <QJsonObject>
#include <QLocalServer>

#include <functional>
#include <set>
#include <string>

namespace sallyport::control {

class ControlPeer;

struct ControlLimits
{
    int clients = 16;
    qint64 line = 4 * 1024 * 1024;     // of a request; 4 KiB without an AgentControl
    int requests = 64;                 // of a client, not answered yet
    qint64 events = 1024 * 1024;       // waiting: beyond it snapshots are left out
    qint64 backlog = 16 * 1024 * 1024; // waiting: beyond it the client is cut
};

class ControlServer final : public QObject
{
public:
    struct Actions
    {
        std::function<QJsonObject()> status; // status_json.h
        std::function<void()> retry;
        std::function<void()> stop; // as SIGTERM
    };

    // `id`: the agent's, by which clients know which configuration it serves.
    ControlServer(Actions actions, std::string id, AgentControl* control = nullptr,
                  ControlLimits limits = {});
    ~ControlServer() override;

    // In the usual folder, named after this process. False when there is no place for a socket; the
    // agent runs without.
    bool listen();
    bool listen(const std::string& path);

    const Actions& actions() const { return m_actions; }
    const std::string& id() const { return m_id; }
    AgentControl* control() const { return m_control; }
    const ControlLimits& limits() const { return m_limits; }

private:
    void connected();

    Actions m_actions;
    std::string m_id;
    AgentControl* m_control;
    ControlLimits m_limits;
    QLocalServer m_server;
    std::set<ControlPeer*> m_peers;
};

} // namespace sallyport::control
