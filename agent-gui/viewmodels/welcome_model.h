// Adding an account: a join line, or host and token. It is tried at once; what is wrong comes as a
// sentence.
//
// Once it was taken the session is led to the Publish page (to the accounts, where a token was
// replaced). That happens even when this object is
// gone by then: with the first account the welcome goes away before the try has ended.
//
// Threads: the GUI's. The texts are emptied when the account was taken.
#pragma once

#include "session.h"

#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <memory>
#include <string>
#include <vector>

namespace sallyport::gui {

class WelcomeModel : public QObject
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(sallyport::gui::Session* session READ session WRITE setSession NOTIFY sessionChanged
                   REQUIRED)
    Q_PROPERTY(bool byJoinLine READ isByJoinLine WRITE setByJoinLine NOTIFY changed)
    Q_PROPERTY(QString joinLine READ joinLine WRITE setJoinLine NOTIFY changed)
    Q_PROPERTY(QString relay READ relay WRITE setRelay NOTIFY changed)
    Q_PROPERTY(QString token READ token WRITE setToken NOTIFY changed)
    Q_PROPERTY(QString pin READ pin WRITE setPin NOTIFY changed)
    // What is wrong with the text before anything was tried; empty: nothing, or no text yet.
    Q_PROPERTY(QString joinLineError READ joinLineError NOTIFY changed)
    Q_PROPERTY(QString relayError READ relayError NOTIFY changed)
    Q_PROPERTY(bool complete READ isComplete NOTIFY changed)
    Q_PROPERTY(QString target READ target NOTIFY changed)      // the host that is or would be tried
    Q_PROPERTY(bool replacing READ isReplacing NOTIFY changed) // a known account's token
    Q_PROPERTY(bool busy READ isBusy NOTIFY changed)
    Q_PROPERTY(QString error READ error NOTIFY changed)

public:
    using QObject::QObject;

    Session* session() const { return m_session; }
    void setSession(Session* session);
    bool isByJoinLine() const { return m_byJoinLine; }
    void setByJoinLine(bool by);
    QString joinLine() const { return m_joinLine; }
    void setJoinLine(const QString& line);
    QString relay() const { return m_relay; }
    void setRelay(const QString& relay);
    QString token() const { return m_token; }
    void setToken(const QString& token);
    QString pin() const { return m_pin; }
    void setPin(const QString& pin);
    QString joinLineError() const;
    QString relayError() const;
    bool isComplete() const;
    QString target() const;
    bool isReplacing() const { return !m_replaced.isEmpty(); }
    bool isBusy() const { return m_busy; }
    QString error() const { return m_error; }

    // Fills in all but the token; an id that no account has does nothing. Where the relay is made
    // another one, its account is added instead.
    Q_INVOKABLE void replaceTokenOf(const QString& id);
    Q_INVOKABLE void start();
    // The try goes on unseen. Should it succeed, its account alone is taken away again, unless it
    // was there before or another try added it too; what was in use is put in use again.
    Q_INVOKABLE void cancel();

signals:
    void sessionChanged();
    void changed();
    void added();

private:
    using Ids = std::vector<std::string>;
    // What was before a try.
    struct Undo
    {
        Ids there;
        std::string inUse;
    };

    static void takeBack(control::AgentControl& control, const Undo& undo, const Ids& kept);
    bool replacesToken() const;
    void take(QString& field, const QString& value);
    void end(const Result<void, agent::Problem>& result);

    Session* m_session = nullptr;
    bool m_byJoinLine = true;
    QString m_joinLine;
    QString m_relay;
    QString m_token;
    QString m_pin;
    QString m_error;
    bool m_busy = false;
    QString m_replaced; // the id of the account that is to get another token
    // What tries added that were not cancelled; those that still go on look at it.
    std::shared_ptr<Ids> m_kept = std::make_shared<Ids>();
    std::shared_ptr<bool> m_cancelled; // of the try that goes on
};

} // namespace sallyport::gui
