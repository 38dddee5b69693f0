// The rows of the live traffic table, newest first: what the source reports, in batches, and older
// ones on demand. A batch costs what it holds, however many rows there are.
//
// The session keeps one, so that the page is found as it was left. What the session is asked to
// show on the page is taken from it: a record by its number, or "tunnel:" with a ref.
//
// Limits: MaxRows; the oldest go first. Threads: the GUI's. Lifetime: shorter than the session.
#pragma once

#include "session.h"
#include "traffic_filter.h"
#include "traffic_rows.h"

#include <sallyport/inspect/capture_settings.h>
#include <sallyport/inspect/traffic_source.h>

#include <QAbstractListModel>
#include <QDate>
#include <QStringList>

namespace sallyport::gui {

class TrafficModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(sallyport::gui::Session* session READ session WRITE setSession NOTIFY sessionChanged
                   REQUIRED)
    Q_PROPERTY(sallyport::gui::TrafficFilter* filter READ filter CONSTANT)
    Q_PROPERTY(int count READ rowCount NOTIFY countChanged)
    // The first answer has not come yet.
    Q_PROPERTY(bool loading READ isLoading NOTIFY loadingChanged)
    Q_PROPERTY(QString problem READ problem NOTIFY loadingChanged)
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY pausedChanged)
    // How many came while paused.
    Q_PROPERTY(int missed READ missed NOTIFY missedChanged)
    // 0: none. Stays with the record while rows move.
    Q_PROPERTY(double selectedId READ selectedId WRITE setSelectedId NOTIFY selectedIdChanged)
    Q_PROPERTY(QStringList tunnels READ tunnels NOTIFY tunnelsChanged)
    // Some rows are older than today and show their date.
    Q_PROPERTY(bool dated READ isDated NOTIFY countChanged)
    Q_PROPERTY(bool recording READ isRecording WRITE setRecording NOTIFY recordingChanged)

public:
    static constexpr size_t MaxRows = 100'000;
    static constexpr uint32_t PageRows = 500;
    // Batches that wait for the answer of a query.
    static constexpr size_t MaxWaiting = 4'000;

    enum Role {
        IdRole = Qt::UserRole,
        TimeRole,
        MethodRole,
        StatusRole,
        PathRole,
        TunnelRole,
        DurationRole,
        SizeRole,
        FailedRole,
        PendingRole,
        ReplayRole,
        OutcomeRole
    };

    explicit TrafficModel(QObject* parent = nullptr, size_t maxRows = MaxRows);

    Session* session() const { return m_session; }
    void setSession(Session* session);
    TrafficFilter* filter() { return &m_filter; }
    bool isLoading() const { return m_loading; }
    QString problem() const { return m_problem; }
    bool isPaused() const { return m_paused; }
    void setPaused(bool paused);
    int missed() const { return int(m_missed); }
    double selectedId() const { return double(m_selected); }
    void setSelectedId(double id);
    QStringList tunnels() const { return m_tunnels; }
    bool isDated() const;
    // Where the clock stands, instead of the system's day.
    void setToday(QDate today) { m_today = today; }
    // For a query: only older ones are meant; 0: there is no bound, as the table follows.
    inspect::RecordId newestShown() const { return m_paused ? m_rows.newest() + 1 : 0; }
    bool isRecording() const { return m_source != nullptr && m_source->isRecording(); }
    void setRecording(bool recording);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

    // Selects the row that stands `steps` below the selected one, and answers with it; -1: none.
    Q_INVOKABLE int moveSelection(int steps);
    Q_INVOKABLE int rowOf(double id) const;
    Q_INVOKABLE void clear();
    Q_INVOKABLE void copyCurl(double id, bool withSecrets);

signals:
    void sessionChanged();
    void countChanged();
    void loadingChanged();
    void pausedChanged();
    void missedChanged();
    void selectedIdChanged();
    void tunnelsChanged();
    void recordingChanged();

private:
    using Records = std::vector<inspect::Record>;

    QDate today() const { return m_today.isValid() ? m_today : QDate::currentDate(); }
    void takeArgument();
    void takeRedaction();
    void reload();
    void show(const Records& newestFirst);
    void addOlder(const Records& newestFirst);
    void take(const Records& records);
    void addNewer(std::vector<TrafficRow> rows);
    void update(const std::vector<const inspect::Record*>& records);
    void insertLate(const inspect::Record& record, TrafficRow row, std::vector<int>& changed);
    void announce(std::vector<int>& changed);
    void countMissed(const Records& records);
    void removeUpTo(inspect::RecordId last);
    void dropOldest(size_t count);
    void refreshTunnels();
    void setLoading(bool loading, const QString& problem = {});

    const size_t m_maxRows;
    Session* m_session = nullptr;
    inspect::TrafficSource* m_source = nullptr;
    TrafficFilter m_filter;
    inspect::Filter m_wanted;
    inspect::Redaction m_redaction;
    StringPool m_pool;
    TrafficRows m_rows;
    Records m_waiting; // while a query is under way
    inspect::RecordId m_newestSeen = 0;
    inspect::RecordId m_selected = 0;
    size_t m_missed = 0;
    bool m_loading = false;
    bool m_reloadAgain = false;
    bool m_fetching = false;
    bool m_atEnd = false;
    bool m_paused = false;
    uint64_t m_generation = 0;
    QString m_problem;
    QStringList m_tunnels;
    QDate m_today;
};

} // namespace sallyport::gui
