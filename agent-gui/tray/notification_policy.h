// Decides what is worth telling a person who does not look, and when. No desktop in it; time is
// passed in.
//
// Limits: MaxTunnels are remembered, later ones tell nothing; one word about a local service in
// UpstreamPause, so that one which comes and goes does not nag.
#pragma once

#include "app_settings.h"
#include "session.h"

#include <sallyport/base/clock.h>

#include <QCoreApplication>
#include <QString>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sallyport::gui {

struct Notification
{
    AppSettings::Notice notice = AppSettings::Notice::FirstConnection;
    QString title;
    QString text;
    QString page; // where a click leads
    QString argument;

    bool isAboutLink() const;
    bool isBad() const; // something does not work
};

class NotificationPolicy
{
    Q_DECLARE_TR_FUNCTIONS(NotificationPolicy)

public:
    static constexpr Duration LossPatience = std::chrono::seconds(10);
    static constexpr Duration UpstreamPause = std::chrono::minutes(1);
    static constexpr size_t MaxTunnels = 1'000;

    void setLink(Session::State state, const QString& relay, const QString& problem, TimePoint now);
    // `problem`: in the window's language; empty: the service answers.
    void setUpstream(const std::string& ref, const QString& problem, TimePoint now);
    void requestSeen(const std::string& ref);
    void credentialRefused(const QString& reason);
    void handleTimeout(TimePoint now);

    std::vector<Notification> takeNotifications();
    std::optional<TimePoint> nextDeadline() const { return m_lossDue; }

private:
    void tell(AppSettings::Notice notice, const QString& title, const QString& text,
              const QString& page, const QString& argument = {});

    Session::State m_link = Session::State::Off;
    QString m_relay;
    QString m_problem;
    bool m_connectedOnce = false;
    bool m_lossTold = false;
    std::optional<TimePoint> m_lossDue;
    std::map<std::string, TimePoint> m_upstreamTold;
    std::set<std::string> m_requested;
    QString m_refusal;
    std::vector<Notification> m_pending;
};

} // namespace sallyport::gui
