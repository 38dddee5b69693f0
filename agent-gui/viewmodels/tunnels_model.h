// The tunnels, one row each, in the order of their refs. Rows that stay keep their place and their
// delegate; only what changed is told.
//
// Threads: the GUI's. `session` is set once, before the model is used.
#pragma once

#include "session.h"
#include "tunnel_row.h"

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include <vector>

namespace sallyport::gui {

class TunnelsModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(sallyport::gui::Session* session READ session WRITE setSession NOTIFY sessionChanged
                   REQUIRED)
    // Only tunnels whose name, address or service contains it.
    Q_PROPERTY(QString search READ search WRITE setSearch NOTIFY searchChanged)
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    Q_PROPERTY(int total READ total NOTIFY countChanged) // without the search

public:
    enum Role {
        RefRole = Qt::UserRole + 1,
        KindRole,
        UrlRole,
        LiveRole, // whether the address leads here now; else it did before
        ShortUrlRole,
        UpstreamRole,
        AccessRole,
        StateRole,
        StateTextRole,
        ProblemRole,
        BytesInRole,
        BytesOutRole,
        RateRole,
        LatencyRole,
        HistoryRole,
    };

    using QAbstractListModel::QAbstractListModel;

    Session* session() const { return m_session; }
    void setSession(Session* session);
    QString search() const { return m_search; }
    void setSearch(const QString& search);
    int count() const { return int(m_rows.size()); }
    int total() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    Q_INVOKABLE void setPaused(const QString& ref, bool paused);
    Q_INVOKABLE void remove(const QString& ref);
    // The row of a tunnel; -1: it is not shown.
    Q_INVOKABLE int rowOf(const QString& ref) const;

signals:
    void sessionChanged();
    void searchChanged();
    void countChanged();

private:
    void refresh();
    void tellReadings();
    std::vector<TunnelRow> wanted() const;

    Session* m_session = nullptr;
    QString m_search;
    std::vector<TunnelRow> m_rows;
};

} // namespace sallyport::gui
