// Whether the agent runs as a service of this computer, and the buttons for it.
//
// Threads: the GUI's.
#pragma once

#include "session.h"

#include <sallyport/desktop/service_installer.h>

#include <QObject>
#include <QtQml/qqmlregistration.h>

#include <memory>

namespace sallyport::gui {

class ServiceModel : public QObject
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(sallyport::gui::Session* session MEMBER m_session WRITE setSession NOTIFY
                   sessionChanged REQUIRED)
    Q_PROPERTY(bool installed READ isInstalled NOTIFY changed)
    Q_PROPERTY(bool running READ isRunning NOTIFY changed)
    Q_PROPERTY(bool busy READ isBusy NOTIFY changed)
    Q_PROPERTY(QString problem READ problem NOTIFY changed)
    Q_PROPERTY(QString unit READ unit NOTIFY changed)
    // A command that lets the service start before its user logs in.
    Q_PROPERTY(QString lingerHint READ lingerHint CONSTANT)

public:
    explicit ServiceModel(QObject* parent = nullptr);
    // With other places and commands, for tests.
    explicit ServiceModel(std::unique_ptr<desktop::ServiceInstaller> installer);

    void setSession(Session* session);
    bool isInstalled() const { return m_status.installed; }
    bool isRunning() const { return m_status.running; }
    bool isBusy() const { return m_busy; }
    QString problem() const { return m_problem; }
    QString unit() const { return QString::fromStdString(m_status.unit); }
    static QString lingerHint();

    Q_INVOKABLE void refresh();
    Q_INVOKABLE void install();
    Q_INVOKABLE void uninstall();

signals:
    void sessionChanged();
    void changed();

private:
    void finish(const Result<void, std::string>& result);
    void begin();

    Session* m_session = nullptr;
    std::unique_ptr<desktop::ServiceInstaller> m_installer;
    desktop::ServiceInstaller::Status m_status;
    bool m_busy = false;
    QString m_problem;
};

} // namespace sallyport::gui
