// The relays that this computer has a credential for.
//
// Threads: the GUI's.
#pragma once

#include "session.h"

#include <QAbstractListModel>
#include <QHash>
#include <QtQml/qqmlregistration.h>

namespace sallyport::gui {

class AccountsModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(sallyport::gui::Session* session READ session WRITE setSession NOTIFY sessionChanged
                   REQUIRED)
    // How many tokens lie in a file instead of the keychain.
    Q_PROPERTY(int inFileCount READ inFileCount NOTIFY changed)

public:
    enum Role {
        IdRole = Qt::UserRole + 1,
        LabelRole,
        RelayRole,
        HintRole,
        PinnedRole,
        InUseRole,
        RefusedRole, // it is in use, and the relay refuses it
        InFileRole,
        TestingRole,
        TestTextRole, // of the last test; empty: none yet
        TestGoodRole,
    };

    using QAbstractListModel::QAbstractListModel;

    Session* session() const { return m_session; }
    void setSession(Session* session);
    int inFileCount() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    Q_INVOKABLE void test(const QString& id);
    Q_INVOKABLE void use(const QString& id);
    Q_INVOKABLE void rename(const QString& id, const QString& label);
    Q_INVOKABLE void remove(const QString& id);

signals:
    void sessionChanged();
    void changed();

private:
    struct Trial
    {
        bool going = false;
        bool good = false;
        QString text;
    };

    void reload();
    void tellTrials();
    void tellRefusal();

    Session* m_session = nullptr;
    std::vector<control::Account> m_accounts;
    QHash<QString, Trial> m_trials;
};

} // namespace sallyport::gui
