// What every page is given: the agent, and its state as the window shows it.
//
// Threads: the GUI's. Lifetime: longer than the QML engine; the control outlives it.
#pragma once

#include <sallyport/control/agent_control.h>

#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

namespace sallyport::gui {

class Session : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the program")

    Q_PROPERTY(QString stateText READ stateText NOTIFY changed)

public:
    explicit Session(control::AgentControl& control, QObject* parent = nullptr);

    control::AgentControl& control() const { return m_control; }
    QString stateText() const;

signals:
    void changed();

private:
    control::AgentControl& m_control;
};

} // namespace sallyport::gui
