// A tunnel while a person fills it in: what is wrong with it, whether its address is free, and the
// address itself before anything is published.
//
// Threads: the GUI's. Publishing outlives it: see Publisher.
#pragma once

#include "session.h"
#include "tunnel_draft.h"

#include <QObject>
#include <QPointer>
#include <QString>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <memory>
#include <optional>

namespace sallyport::gui {

class TunnelEditor : public QObject
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(sallyport::gui::Session* session READ session WRITE setSession NOTIFY sessionChanged
                   REQUIRED)
    Q_PROPERTY(QString editedRef READ editedRef NOTIFY changed) // empty: a new tunnel
    Q_PROPERTY(QString upstream READ upstream WRITE setUpstream NOTIFY changed)
    Q_PROPERTY(Kind kind READ kind WRITE setKind NOTIFY changed)
    Q_PROPERTY(bool named READ isNamed NOTIFY changed) // http, tls: has a name, else a port
    Q_PROPERTY(AddressMode addressMode READ addressMode WRITE setAddressMode NOTIFY changed)
    Q_PROPERTY(QString name READ name WRITE setName NOTIFY changed)
    Q_PROPERTY(QString hostname READ hostname WRITE setHostname NOTIFY changed)
    Q_PROPERTY(QString port READ port WRITE setPort NOTIFY changed)
    Q_PROPERTY(AccessMode accessMode READ accessMode WRITE setAccessMode NOTIFY changed)
    Q_PROPERTY(bool accessKept READ isAccessKept NOTIFY changed) // rules that only the file can say
    Q_PROPERTY(QString user READ user WRITE setUser NOTIFY changed)
    Q_PROPERTY(QString password READ password WRITE setPassword NOTIFY changed)
    Q_PROPERTY(bool passwordKnown READ isPasswordKnown NOTIFY changed) // may be left empty
    Q_PROPERTY(QString networks READ networks WRITE setNetworks NOTIFY changed)
    Q_PROPERTY(QString upstreamError READ upstreamError NOTIFY changed)
    Q_PROPERTY(QString addressError READ addressError NOTIFY changed)
    Q_PROPERTY(QString accessError READ accessError NOTIFY changed)
    Q_PROPERTY(Availability availability READ availability NOTIFY changed)
    Q_PROPERTY(QString availabilityText READ availabilityText NOTIFY changed)
    Q_PROPERTY(QString previewUrl READ previewUrl NOTIFY changed)
    Q_PROPERTY(QString missing READ missing NOTIFY changed) // what has to be filled in yet
    Q_PROPERTY(bool complete READ isComplete NOTIFY changed)
    Q_PROPERTY(bool begun READ isBegun NOTIFY changed) // something was filled in since
    Q_PROPERTY(bool busy READ isBusy NOTIFY changed)
    Q_PROPERTY(QString error READ error NOTIFY changed) // why publishing failed

public:
    enum class Kind { Http, Tls, Tcp, Udp }; // in the order of the choice on the page
    Q_ENUM(Kind)
    enum class AddressMode { ChosenByRelay, OwnName, OwnHostname, OwnPort };
    Q_ENUM(AddressMode)
    enum class AccessMode { Everybody, Password, Networks, AsInFile };
    Q_ENUM(AccessMode)
    enum class Availability { Unknown, Checking, Free, Taken, Own };
    Q_ENUM(Availability)

    static constexpr int CheckAfterMs = 350; // since the last change

    explicit TunnelEditor(QObject* parent = nullptr);
    // What was begun is left with the session, but for a password.
    ~TunnelEditor() override;

    Session* session() const { return m_session; }
    void setSession(Session* session);
    QString editedRef() const { return m_ref; }
    QString upstream() const { return m_draft.upstream; }
    void setUpstream(const QString& upstream);
    Kind kind() const;
    void setKind(Kind kind);
    bool isNamed() const;
    AddressMode addressMode() const { return AddressMode(int(m_draft.address)); }
    void setAddressMode(AddressMode mode);
    QString name() const { return m_draft.name; }
    void setName(const QString& name);
    QString hostname() const { return m_draft.hostname; }
    void setHostname(const QString& hostname);
    QString port() const { return m_draft.port; }
    void setPort(const QString& port);
    AccessMode accessMode() const { return AccessMode(int(m_draft.access)); }
    void setAccessMode(AccessMode mode);
    bool isAccessKept() const;
    QString user() const { return m_draft.user; }
    void setUser(const QString& user);
    QString password() const { return m_password; }
    void setPassword(const QString& password);
    bool isPasswordKnown() const;
    QString networks() const { return m_draft.networks; }
    void setNetworks(const QString& networks);
    QString upstreamError() const { return m_outcome.errors.upstream; }
    QString addressError() const { return m_outcome.errors.address; }
    QString accessError() const { return m_outcome.errors.access; }
    Availability availability() const { return m_availability; }
    QString availabilityText() const { return m_availabilityText; }
    QString previewUrl() const { return m_previewUrl; }
    QString missing() const { return m_outcome.missing; }
    bool isComplete() const { return m_outcome.config.has_value(); }
    bool isBegun() const { return m_begun; }
    bool isBusy() const { return m_order != nullptr; }
    QString error() const { return m_error; }

    // Begins anew; what is being published goes on.
    Q_INVOKABLE void clear();
    // From a tunnel that is edited to a new one; what was changed there is left with the session.
    Q_INVOKABLE void leaveEdited();
    // Goes on with the new tunnel that was begun and left, if there is one.
    Q_INVOKABLE void resume();
    // What stands in the configuration, or what was begun to change there; with `copy` as a new
    // tunnel that needs an address of its own.
    Q_INVOKABLE void load(const QString& ref, bool copy = false);
    // A service that was found.
    Q_INVOKABLE void take(const QString& upstream, Kind kind);
    Q_INVOKABLE void publish();

signals:
    void sessionChanged();
    void changed();
    void published(const QString& ref);

private:
    void edited();
    void fill();
    void resume(UnfinishedTunnel form);
    void check();
    QString urlOfEdited() const;
    void leave();
    UnfinishedTunnel unfinished() const;
    void told(const std::string& ref, const Result<void, QString>& result);
    std::vector<std::string> refs() const;
    void suggestName();

    QPointer<Session> m_session;
    TunnelDraft m_draft;
    TunnelDraft::Outcome m_outcome;
    QString m_ref;
    QString m_password;
    bool m_suggested = false; // the name is ours; the person did not write it
    Availability m_availability = Availability::Unknown;
    QString m_availabilityText;
    QString m_previewUrl;
    bool m_begun = false;
    std::unique_ptr<QObject> m_order; // what is being published tells it; none: nothing is
    QString m_error;
    QTimer m_checkTimer;
    int m_question = 0;                          // the one whose answer counts
    std::optional<config::TunnelConfig> m_asked; // what the availability is of
};

} // namespace sallyport::gui
