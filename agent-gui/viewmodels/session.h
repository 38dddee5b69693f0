// What every page is given: the agent, its state as the window shows it, and the way between pages.
//
// Threads: the GUI's. Lifetime: longer than the QML engine; the control outlives it.
#pragma once

#include "app_settings.h"
#include "appearance.h"
#include "last_addresses.h"
#include "publisher.h"
#include "tunnel_draft.h"
#include "tunnel_meter.h"

#include <sallyport/control/agent_control.h>

#include <QHash>
#include <QObject>
#include <QString>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <memory>
#include <optional>

class QSettings;

namespace sallyport::desktop {
class ServiceDiscovery;
}

namespace sallyport::gui {

class ServiceModel;
class TrafficModel;

class Session : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the program")
    Q_MOC_INCLUDE("service_model.h")
    Q_MOC_INCLUDE("traffic_model.h")

    Q_PROPERTY(State state READ state NOTIFY changed)
    Q_PROPERTY(QString stateText READ stateText NOTIFY changed)
    Q_PROPERTY(QString relay READ relay NOTIFY changed)
    Q_PROPERTY(QString transport READ transport NOTIFY changed)
    // Why there is no link, as a sentence; empty while there is nothing to say.
    Q_PROPERTY(QString problem READ problem NOTIFY changed)
    // Why agent.yaml or the accounts can't be used, a line for each problem; empty: they can.
    Q_PROPERTY(QString configProblem READ configProblem NOTIFY changed)
    // What can't be written down right now, and the way out, a paragraph each; empty: all can.
    Q_PROPERTY(QString storageProblem READ storageProblem NOTIFY changed)
    Q_PROPERTY(int roundTripMs READ roundTripMs NOTIFY changed) // -1: unknown
    Q_PROPERTY(int nextTryIn READ nextTryIn NOTIFY changed)     // seconds; -1: none planned
    Q_PROPERTY(int tunnelCount READ tunnelCount NOTIFY changed)
    Q_PROPERTY(int openTunnelCount READ openTunnelCount NOTIFY changed)
    Q_PROPERTY(bool switchedOn READ isSwitchedOn NOTIFY changed)
    Q_PROPERTY(bool needsAccount READ needsAccount NOTIFY needsAccountChanged)
    Q_PROPERTY(Place place READ place NOTIFY changed)
    // The page that is shown: "tunnels", "publish", "traffic", "accounts", "settings", "log",
    // "diagnose", "about", or "welcome" where another account is added.
    Q_PROPERTY(QString currentPage READ currentPage WRITE setCurrentPage NOTIFY pageChanged)
    // What on that page: a tunnel's ref, a record's id, "tunnel:" and a ref for the traffic of one;
    // taken by the page.
    Q_PROPERTY(QString pageArgument READ pageArgument NOTIFY pageChanged)
    Q_PROPERTY(sallyport::gui::Appearance* appearance READ appearance CONSTANT)
    Q_PROPERTY(sallyport::gui::AppSettings* settings READ settings CONSTANT)
    // The live traffic page's rows, filter and selection, which outlast the page; made when it is
    // first come to.
    Q_PROPERTY(sallyport::gui::TrafficModel* traffic READ traffic CONSTANT)
    // The agent as a service of this computer; made when it is first asked for.
    Q_PROPERTY(sallyport::gui::ServiceModel* service READ service CONSTANT)
    Q_PROPERTY(bool trayMissing READ isTrayMissing NOTIFY trayMissingChanged)

public:
    static constexpr int MaxProblemLines = 4;
    enum class State {
        Off,        // the master switch is off
        Connecting, // or about to
        Connected,
        Waiting,    // the relay can't be reached; another try is planned
        Refused,    // trying again can't help
        ServiceAway // the service that runs the agent is away
    };
    Q_ENUM(State)
    enum class Place { InProcess, Service, Detached };
    Q_ENUM(Place)
    enum class ToastKind { Info, Good, Bad };
    Q_ENUM(ToastKind)

    // Without `settings` nothing is remembered.
    explicit Session(control::AgentControl& control, QSettings* settings = nullptr,
                     QObject* parent = nullptr);
    ~Session() override;

    control::AgentControl& control() const { return m_control; }
    TunnelMeter& meter() { return m_meter; }
    const LastAddresses& lastAddresses() const { return m_lastAddresses; }
    Appearance* appearance() { return &m_appearance; }
    // Finds the services of this computer; none where nobody gave one, which must outlive this.
    desktop::ServiceDiscovery* discovery() const { return m_discovery; }
    void setDiscovery(desktop::ServiceDiscovery* discovery) { m_discovery = discovery; }
    AppSettings* settings() { return &m_settings; }
    TrafficModel* traffic();
    Publisher& publisher() { return m_publisher; }
    ServiceModel* service();
    // For tests, before it is asked for.
    void setService(std::unique_ptr<ServiceModel> service);

    State state() const;
    QString stateText() const;
    QString relay() const;
    QString transport() const;
    QString problem() const;
    QString configProblem() const;
    QString storageProblem() const;
    int roundTripMs() const;
    int nextTryIn() const;
    int tunnelCount() const;
    int openTunnelCount() const;
    bool isSwitchedOn() const;
    bool needsAccount() const;
    Place place() const;

    QString currentPage() const { return m_page; }
    void setCurrentPage(const QString& page) { open(page); }
    QString pageArgument() const { return m_argument; }
    bool isTrayMissing() const { return m_trayMissing; }
    void setTrayMissing(bool missing);

    // Leads to a page; names that are none are ignored. The window is not raised.
    Q_INVOKABLE void open(const QString& page, const QString& argument = QString());
    Q_INVOKABLE QString takeArgument();
    Q_INVOKABLE void switchOn(bool on);
    Q_INVOKABLE void retryNow();
    // Runs the agent in this process, where the one that was shown has ended.
    Q_INVOKABLE void takeOver();
    // Into the clipboard, with a toast that says so.
    Q_INVOKABLE void copy(const QString& text, const QString& said = QString());
    Q_INVOKABLE void openUrl(const QString& url);
    Q_INVOKABLE void say(const QString& text, ToastKind kind = ToastKind::Info);

    // What was filled in and left, under the ref of the tunnel that it changes; empty: a new one.
    // Kept until it is taken; of more than MaxUnfinished the others are forgotten.
    static constexpr int MaxUnfinished = 16;
    void keepUnfinished(const QString& ref, const UnfinishedTunnel& form);
    std::optional<UnfinishedTunnel> takeUnfinished(const QString& ref);

    // For commands whose failure is all that has to be said.
    control::AgentControl::Done complaining();

signals:
    void changed();
    void needsAccountChanged();
    void pageChanged();
    void pageAgain(); // the page that is shown was asked for once more
    void trayMissingChanged();
    void toast(const QString& text, sallyport::gui::Session::ToastKind kind);
    void raiseRequested(); // show the window, in front

private:
    void refresh();

    control::AgentControl& m_control;
    Appearance m_appearance;
    AppSettings m_settings;
    TunnelMeter m_meter;
    LastAddresses m_lastAddresses;
    QTimer m_countdown; // runs while a try is planned
    desktop::ServiceDiscovery* m_discovery = nullptr;
    bool m_neededAccount = true;
    QString m_page = QStringLiteral("tunnels");
    QString m_argument;
    bool m_trayMissing = false;
    QHash<QString, UnfinishedTunnel> m_unfinished;
    Publisher m_publisher{*this};
    std::unique_ptr<TrafficModel> m_traffic;
    std::unique_ptr<ServiceModel> m_service;
};

} // namespace sallyport::gui
