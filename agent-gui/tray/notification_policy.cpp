#include "notification_policy.h"

#include <utility>

namespace sallyport::gui {

using Notice = AppSettings::Notice;
using State = Session::State;

bool Notification::isAboutLink() const
{
    return notice == Notice::FirstConnection || notice == Notice::ConnectionLost ||
           notice == Notice::ConnectionBack;
}

bool Notification::isBad() const
{
    return notice == Notice::ConnectionLost || notice == Notice::UpstreamDown ||
           notice == Notice::TokenRefused;
}

void NotificationPolicy::tell(Notice notice, const QString& title, const QString& text,
                              const QString& page, const QString& argument)
{
    m_pending.push_back({notice, title, text, page, argument});
}

void NotificationPolicy::setLink(State state, const QString& relay, const QString& problem,
                                 TimePoint now)
{
    m_problem = problem;
    m_relay = relay;
    const State before = std::exchange(m_link, state);
    if (state == State::Off) {
        // On purpose: that is no loss.
        m_lossDue.reset();
        m_lossTold = false;
        return;
    }
    if (state != State::Connected) {
        if (before == State::Connected)
            m_lossDue = now + LossPatience;
        return;
    }
    m_lossDue.reset();
    m_refusal.clear();
    if (!std::exchange(m_connectedOnce, true))
        tell(Notice::FirstConnection, tr("Connected"),
             tr("Your tunnels are published through %1.").arg(relay), "tunnels");
    else if (m_lossTold)
        tell(Notice::ConnectionBack, tr("Connection is back"),
             tr("Your tunnels can be reached again."), "tunnels");
    m_lossTold = false;
}

void NotificationPolicy::handleTimeout(TimePoint now)
{
    if (!m_lossDue || now < *m_lossDue)
        return;
    m_lossDue.reset();
    m_lossTold = true;
    const QString text = m_problem.isEmpty()
                             ? tr("%1 can't be reached. Sallyport keeps trying.").arg(m_relay)
                             : m_problem;
    tell(Notice::ConnectionLost, tr("Connection lost"), text, "tunnels");
}

void NotificationPolicy::setUpstream(const std::string& ref, const QString& problem, TimePoint now)
{
    if (problem.isEmpty())
        return;
    const auto told = m_upstreamTold.find(ref);
    if (told != m_upstreamTold.end() && now - told->second < UpstreamPause)
        return;
    if (told == m_upstreamTold.end() && m_upstreamTold.size() >= MaxTunnels)
        return;
    m_upstreamTold[ref] = now;
    const QString name = QString::fromStdString(ref);
    tell(Notice::UpstreamDown, tr("The service behind %1 does not answer").arg(name), problem,
         "tunnels", name);
}

void NotificationPolicy::requestSeen(const std::string& ref)
{
    if (m_requested.contains(ref) || m_requested.size() >= MaxTunnels)
        return;
    m_requested.insert(ref);
    tell(Notice::FirstRequest, tr("First request on %1").arg(QString::fromStdString(ref)),
         tr("Click to see it."), "traffic", "tunnel:" + QString::fromStdString(ref));
}

void NotificationPolicy::credentialRefused(const QString& reason)
{
    if (reason == m_refusal && !reason.isEmpty())
        return;
    m_refusal = reason;
    tell(Notice::TokenRefused, tr("The relay refuses the token"), reason, "accounts");
}

std::vector<Notification> NotificationPolicy::takeNotifications()
{
    return std::exchange(m_pending, {});
}

} // namespace sallyport::gui
