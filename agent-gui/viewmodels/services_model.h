// The services that listen on this computer, each with a guess at what it is and whether it is
// published. Looks for them while `watched`.
//
// Threads: the GUI's.
#pragma once

#include "session.h"
#include "tunnel_editor.h"

#include <sallyport/desktop/listening_service.h>

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include <map>
#include <string>
#include <vector>

namespace sallyport::gui {

class ServicesModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(sallyport::gui::Session* session READ session WRITE setSession NOTIFY sessionChanged
                   REQUIRED)
    Q_PROPERTY(int count READ count NOTIFY changed)
    Q_PROPERTY(bool looking READ isLooking NOTIFY changed)
    // A sentence when the system can't be asked.
    Q_PROPERTY(QString problem READ problem NOTIFY changed)

public:
    enum Role {
        TitleRole = Qt::UserRole + 1, // what it is, in the person's words
        DetailRole,                   // what sort, process, and whether other computers reach it
        PortRole,
        UpstreamRole,
        KindRole,      // a TunnelEditor::Kind
        IconRole,      // of resources/icons/line
        RefRole,       // of the tunnel that publishes it; empty: none
        PublishedRole, // or about to be
        UrlRole,
    };

    using QAbstractListModel::QAbstractListModel;
    ~ServicesModel() override;

    Session* session() const { return m_session; }
    void setSession(Session* session);
    int count() const { return int(m_services.size()); }
    bool isLooking() const;
    QString problem() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    // Publishes with what is usual for such a service, or goes on with the tunnel that is there; or
    // pauses that one. What is no web service is published for everybody only after
    // exposureAsked().
    Q_INVOKABLE void setPublished(int row, bool published);
    // The answer: publishes what still listens there.
    Q_INVOKABLE void publishForAll(const QString& upstream);

signals:
    void exposureAsked(const QString& title, const QString& upstream,
                       sallyport::gui::TunnelEditor::Kind kind);
    void sessionChanged();
    void changed();

private:
    void reload();
    void tunnelsChanged();
    void publish(const desktop::ListeningService& service);
    // For a command that makes the service be published, or not.
    control::AgentControl::Done underWay(const desktop::ListeningService& service, bool published);
    const control::TunnelView* tunnelOf(const desktop::ListeningService& service) const;

    Session* m_session = nullptr;
    std::vector<desktop::ListeningService> m_services;
    std::map<std::string, bool> m_underWay; // by upstream: what it is about to be
};

} // namespace sallyport::gui
