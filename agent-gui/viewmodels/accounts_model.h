// The relays that this computer has a credential for.
//
// Threads: the GUI's.
#pragma once

#include "session.h"

#include <QAbstractListModel>
#include <QHash>
#include <QStringList>
#include <QtQml/qqmlregistration.h>

#include <functional>

namespace sallyport::gui {

class AccountsModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(sallyport::gui::Session* session READ session WRITE setSession NOTIFY sessionChanged
                   REQUIRED)
    // How many tokens lie in a file instead of the keychain, and why; empty: none.
    Q_PROPERTY(QString inFileText READ inFileText NOTIFY changed)
    // How many of these can go into it now.
    Q_PROPERTY(int movableCount READ movableCount NOTIFY changed)

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
        CanMoveRole,  // into the keychain, and nothing else is under way
        TestingRole,  // or moving
        TestTextRole, // of what is under way, else how it went; empty: nothing yet
        TestGoodRole,
    };

    using QAbstractListModel::QAbstractListModel;

    Session* session() const { return m_session; }
    void setSession(Session* session);
    QString inFileText() const;
    int movableCount() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    Q_INVOKABLE void test(const QString& id);
    Q_INVOKABLE void moveToKeychain(const QString& id);
    // One after the other; the first that fails ends it, for the others would too.
    Q_INVOKABLE void moveAllToKeychain();
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

    int inFileCount() const;
    void reload();
    void begin(const QString& id, const QString& text);
    void end(const QString& id, const Result<void, agent::Problem>& result, const QString& text);
    void move(const QString& id, const std::function<void()>& then);
    void moveEach(QStringList ids);
    void tellTrials();
    void tellRefusal();

    Session* m_session = nullptr;
    std::vector<control::Account> m_accounts;
    QHash<QString, Trial> m_trials;
};

} // namespace sallyport::gui
