#include "discovery/probe_connection.h"

#include <sallyport/desktop/service_probe.h>

#include <algorithm>
#include <utility>

namespace sallyport::desktop {

ServiceProbe::ServiceProbe(Options options, QObject* parent) : QObject(parent), m_options(options)
{}

bool ServiceProbe::ask(const Target& target)
{
    const bool asked =
        std::find(m_waiting.begin(), m_waiting.end(), target) != m_waiting.end() ||
        std::any_of(m_active.begin(), m_active.end(), [&](const ProbeConnection* connection) {
            return connection->target() == target;
        });
    if (asked)
        return true;
    if (m_waiting.size() >= m_options.waiting)
        return false;
    m_waiting.push_back(target);
    startNext();
    return true;
}

void ServiceProbe::startNext()
{
    while (!m_waiting.empty() && m_active.size() < m_options.atOnce) {
        auto* connection = new ProbeConnection(std::move(m_waiting.front()), m_options, this);
        m_waiting.pop_front();
        m_active.push_back(connection);
        connect(connection, &ProbeConnection::finished, this,
                [this, connection] { finished(connection); });
        connection->start();
    }
}

void ServiceProbe::finished(ProbeConnection* connection)
{
    std::erase(m_active, connection);
    connection->deleteLater();
    emit answered(connection->target(), connection->guess());
    startNext();
}

} // namespace sallyport::desktop
