// Takes a tunnel that was filled in to the agent, and outlives the page that asked for it: what
// comes of it is told to that page while it is there, else as a toast, with the form kept as
// unfinished.
//
// Threads: the GUI's; passwords are hashed on another one, and only their hashes go to the agent.
// Lifetime: the session's. Limit: MaxOrders at a time; the next one fails at once.
#pragma once

#include "tunnel_draft.h"

#include <sallyport/base/result.h>
#include <sallyport/config/tunnel_config.h>

#include <QObject>
#include <QPointer>
#include <QString>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::gui {

class Session;

class Publisher : public QObject
{
    Q_OBJECT

public:
    static constexpr size_t MaxOrders = 16;

    struct Order
    {
        std::string ref;
        config::TunnelConfig config;
        // Hashes the passwords into it, on another thread; false: there is no memory for that.
        // None: there are none to hash.
        std::function<bool(config::TunnelConfig&)> hash;
        QString formRef; // under which the form is kept if this fails
        std::optional<UnfinishedTunnel> form;
    };
    using Done = std::function<void(const Result<void, QString>&)>; // the failure is a sentence

    explicit Publisher(Session& session);

    // `done` is called once, unless `page` has gone before.
    void publish(Order order, QObject* page, Done done);
    // What is on its way: these refs are not in the agent's snapshot yet.
    std::vector<std::string> refs() const;

private:
    struct Open
    {
        int id = 0;
        Order order;
        QPointer<QObject> page;
        Done done;
    };

    void hash(int id);
    void put(int id);
    void finish(int id, const Result<void, QString>& result);
    Open* find(int id);

    Session& m_session;
    std::vector<Open> m_open;
    int m_lastId = 0;
};

} // namespace sallyport::gui
