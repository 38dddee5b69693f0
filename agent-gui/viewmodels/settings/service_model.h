// Whether the agent runs as a service of this computer, from the login or from the computer's start
// on, and the commands for it. What it is told goes on when the page is left.
//
// A service waits while another process runs the agent: once one was installed, that of this
// process stands aside for it.
//
// Threads: the GUI's. Lifetime: as the session, which owns it. In a demonstration nothing is
// installed.
#pragma once

#include <sallyport/agent/problem.h>
#include <sallyport/control/token_collector.h>
#include <sallyport/desktop/service_installer.h>

#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <functional>
#include <memory>

namespace sallyport::gui {

class Session;

class ServiceModel : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("belongs to the session")

    Q_PROPERTY(bool installed READ isInstalled NOTIFY changed)
    Q_PROPERTY(bool running READ isRunning NOTIFY changed)
    // Before anybody logs in; else at the login.
    Q_PROPERTY(bool startsWithComputer READ startsWithComputer NOTIFY changed)
    // Of such a one: it lacks the token of an account, or has an old one.
    Q_PROPERTY(bool lacksToken READ lacksToken NOTIFY changed)
    Q_PROPERTY(bool busy READ isBusy NOTIFY changed)
    // The system's dialog is open, and closing it gives up.
    Q_PROPERTY(bool asksForPassword READ asksForPassword NOTIFY changed)
    Q_PROPERTY(QString problem READ problem NOTIFY changed)

public:
    using Installer = desktop::ServiceInstaller;
    // Gathers the person's tokens, as control::TokenCollector::collect().
    using Collect = std::function<void(const std::string&, control::TokenCollector::Done)>;

    explicit ServiceModel(Session& session);
    // With other places, commands and tokens, for tests.
    ServiceModel(Session& session, std::unique_ptr<Installer> installer, Collect collect);
    ~ServiceModel() override;

    bool isInstalled() const { return m_atLogin.installed || m_withComputer.installed; }
    bool isRunning() const { return m_atLogin.running || m_withComputer.running; }
    bool startsWithComputer() const { return m_withComputer.installed; }
    bool lacksToken() const { return m_lacksToken; }
    bool isBusy() const { return m_busy; }
    bool asksForPassword() const { return m_asks; }
    QString problem() const { return m_problem; }

    Q_INVOKABLE void refresh();
    // For the login.
    Q_INVOKABLE void install();
    // With the computer, in place of one for the login; also to hand the tokens over anew.
    Q_INVOKABLE void installWithComputer();
    Q_INVOKABLE void uninstall();

signals:
    void changed();

private:
    using Done = Result<void, desktop::ServiceProblem>;

    bool begin();
    void lookAtTokens();
    void handOver(const Result<control::HandedTokens, agent::Problem>& tokens);
    void installed(const Done& result);
    void removed(const Done& result);
    void takeBack();
    void finish(const QString& problem);

    Session& m_session;
    std::unique_ptr<control::TokenCollector> m_collector;
    std::unique_ptr<Installer> m_installer;
    Collect m_collect;
    Installer::Status m_atLogin;
    Installer::Status m_withComputer;
    bool m_lacksToken = false;
    bool m_busy = false;
    bool m_asks = false;
    bool m_wasOn = false;     // the agent, before the service was removed
    bool m_takesBack = false; // it runs here again as soon as the service's has gone
    QString m_problem;
};

} // namespace sallyport::gui
