// What another tunnel program's configuration would become here: its tunnels to choose from, and
// what cannot be taken over. Nothing is changed before add().
//
// Threads: the GUI's. Lifetime: that of the dialog; the session outlives it.
#pragma once

#include "session.h"

#include <sallyport/desktop/import.h>

#include <QAbstractListModel>
#include <QPointer>
#include <QString>
#include <QStringList>
#include <QUrl>
#include <QtQml/qqmlregistration.h>

#include <memory>
#include <optional>
#include <vector>

namespace sallyport::gui {

class ImportModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(sallyport::gui::Session* session READ session WRITE setSession REQUIRED)
    Q_PROPERTY(bool loaded READ isLoaded NOTIFY changed)
    // "frpc.toml (frp)"
    Q_PROPERTY(QString source READ source NOTIFY changed)
    // "proxies[2].plugin: Left out: ..."
    Q_PROPERTY(QList<QString> notes READ notes NOTIFY changed)
    Q_PROPERTY(QString error READ error NOTIFY changed) // a sentence, or empty
    Q_PROPERTY(int count READ count NOTIFY changed)
    Q_PROPERTY(int chosenCount READ chosenCount NOTIFY changed)
    Q_PROPERTY(bool busy READ isBusy NOTIFY changed)

public:
    enum Role {
        RefRole = Qt::UserRole + 1,
        SummaryRole,
        AddressRole,
        ProtectionRole, // what is taken over of it: "Password"; empty: nothing
        WarningRole,    // why everybody could visit it, other than before; empty: not so
        ChosenRole
    };

    explicit ImportModel(QObject* parent = nullptr);

    Session* session() const { return m_session; }
    void setSession(Session* session) { m_session = session; }

    bool isLoaded() const { return m_result.has_value(); }
    QString source() const;
    QStringList notes() const;
    QString error() const { return m_error; }
    int count() const { return int(m_rows.size()); }
    int chosenCount() const;
    bool isBusy() const { return m_order != nullptr; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    Q_INVOKABLE void load(const QUrl& file);
    Q_INVOKABLE void setChosen(int row, bool chosen);
    // Adds the chosen tunnels, one after the other; ends in added() or in an error.
    Q_INVOKABLE void add();
    // Ends that after the one that is under way.
    Q_INVOKABLE void stop();
    // Forgets the file. What is under way goes on alone.
    Q_INVOKABLE void clear();

signals:
    void changed();
    void added(int tunnels);

private:
    struct Row
    {
        QString ref;
        config::TunnelConfig tunnel;
        desktop::ImportProtection protection;
        bool chosen = true;
    };

    void show(Result<desktop::ImportResult, std::string> result);
    QString freeRef(const std::string& wanted) const;
    void addNext(size_t row, int alreadyAdded);
    void told(size_t row, int alreadyAdded, const Result<void, QString>& result);
    void reset();
    void fail(const QString& error);

    QPointer<Session> m_session;
    QString m_fileName;
    std::optional<desktop::ImportResult> m_result;
    std::vector<Row> m_rows;
    QString m_error;
    std::unique_ptr<QObject> m_order; // the tunnel that is being added tells it; none: none is
    bool m_stopped = false;
};

} // namespace sallyport::gui
