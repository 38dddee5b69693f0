#include "traffic_model.h"

#include "traffic_text.h"

#include <QPointer>

#include <algorithm>
#include <limits>
#include <utility>

namespace sallyport::gui {

namespace {

using inspect::Record;
using inspect::RecordId;

} // namespace

TrafficModel::TrafficModel(QObject* parent, size_t maxRows)
    : QAbstractListModel(parent), m_maxRows(maxRows)
{
    connect(&m_filter, &TrafficFilter::changed, this, &TrafficModel::reload);
}

void TrafficModel::setSession(Session* session)
{
    if (session == m_session || session == nullptr)
        return;
    m_session = session;
    m_source = &session->control().traffic();
    connect(m_source, &inspect::TrafficSource::recordsChanged, this, &TrafficModel::take);
    connect(m_source, &inspect::TrafficSource::recordsRemoved, this, &TrafficModel::removeUpTo);
    connect(m_source, &inspect::TrafficSource::recordingChanged, this,
            &TrafficModel::recordingChanged);
    connect(session, &Session::changed, this, &TrafficModel::refreshTunnels);
    connect(session, &Session::pageChanged, this, &TrafficModel::takeArgument);
    connect(session->settings(), &AppSettings::captureChanged, this, &TrafficModel::takeRedaction);
    m_redaction = session->settings()->captureSettings().redaction;
    refreshTunnels();
    takeArgument();
    emit sessionChanged();
    emit recordingChanged();
    reload();
}

void TrafficModel::takeArgument()
{
    if (m_session->currentPage() != QStringLiteral("traffic"))
        return;
    const QString wanted = m_session->takeArgument();
    const QString tunnel = QStringLiteral("tunnel:");
    bool isNumber = false;
    const RecordId id = wanted.toULongLong(&isNumber);
    if (wanted.startsWith(tunnel)) {
        m_filter.showOnly(wanted.mid(tunnel.size()));
        setSelectedId(0);
    } else if (isNumber) {
        setSelectedId(double(id));
    }
}

void TrafficModel::takeRedaction()
{
    const auto redaction = m_session->settings()->captureSettings().redaction;
    if (redaction == m_redaction)
        return;
    m_redaction = redaction;
    reload();
}

void TrafficModel::setRecording(bool recording)
{
    if (m_source != nullptr)
        m_source->setRecording(recording);
}

void TrafficModel::refreshTunnels()
{
    QStringList tunnels;
    for (const auto& tunnel : m_session->control().snapshot().tunnels)
        tunnels.append(TrafficText::from(tunnel.status.ref));
    if (tunnels == m_tunnels)
        return;
    m_tunnels = tunnels;
    emit tunnelsChanged();
}

// --- Questions ---------------------------------------------------------------------------------

void TrafficModel::reload()
{
    if (m_source == nullptr)
        return;
    if (m_loading) {
        // One question at a time, however fast somebody types.
        m_reloadAgain = true;
        return;
    }
    const auto generation = ++m_generation;
    m_wanted = m_filter.value();
    m_fetching = false;
    m_waiting.clear();
    setLoading(true);
    m_source->query({m_wanted, 0, PageRows}, [self = QPointer<TrafficModel>(this), generation](
                                                 const Result<Records, std::string>& found) {
        if (!self || generation != self->m_generation)
            return;
        self->setLoading(false, found ? QString() : TrafficText::from(found.error()));
        if (std::exchange(self->m_reloadAgain, false))
            return self->reload();
        self->show(found ? found.value() : Records());
    });
}

void TrafficModel::show(const Records& newestFirst)
{
    beginResetModel();
    m_rows.clear();
    for (const Record& record : newestFirst)
        m_rows.pushOldest(TrafficRow::of(record, m_pool, m_redaction));
    m_atEnd = newestFirst.size() < PageRows;
    m_missed = 0;
    m_newestSeen = std::max(m_newestSeen, m_rows.newest());
    endResetModel();
    emit missedChanged();
    emit countChanged();
    const Records waiting = std::exchange(m_waiting, {});
    take(waiting);
}

bool TrafficModel::canFetchMore(const QModelIndex& parent) const
{
    return !parent.isValid() && !m_atEnd && !m_loading && !m_fetching && !m_rows.empty() &&
           m_rows.size() < m_maxRows;
}

void TrafficModel::fetchMore(const QModelIndex& parent)
{
    if (!canFetchMore(parent))
        return;
    m_fetching = true;
    const auto generation = m_generation;
    m_source->query({m_wanted, m_rows.oldest(), PageRows},
                    [self = QPointer<TrafficModel>(this),
                     generation](const Result<Records, std::string>& found) {
                        if (!self || generation != self->m_generation)
                            return;
                        self->m_fetching = false;
                        self->addOlder(found ? found.value() : Records());
                    });
}

void TrafficModel::addOlder(const Records& newestFirst)
{
    m_atEnd = newestFirst.size() < PageRows;
    std::vector<TrafficRow> rows;
    for (const Record& record : newestFirst)
        // Some may have gone, or come, since the question was asked.
        if (m_rows.empty() || record.id < m_rows.oldest())
            rows.push_back(TrafficRow::of(record, m_pool, m_redaction));
    rows.resize(std::min(rows.size(), m_maxRows - m_rows.size()));
    if (rows.empty())
        return;
    const int first = rowCount();
    beginInsertRows({}, first, first + int(rows.size()) - 1);
    for (TrafficRow& row : rows)
        m_rows.pushOldest(std::move(row));
    endInsertRows();
    emit countChanged();
}

// --- What comes by itself ----------------------------------------------------------------------

void TrafficModel::take(const Records& records)
{
    if (m_loading) {
        if (m_waiting.size() + records.size() <= MaxWaiting)
            m_waiting.insert(m_waiting.end(), records.begin(), records.end());
        else
            m_reloadAgain = true;
        return;
    }
    countMissed(records);
    std::vector<TrafficRow> newer;
    std::vector<const Record*> known;
    for (const Record& record : records) {
        if (record.id <= m_rows.newest())
            known.push_back(&record);
        else if (!m_paused && m_wanted.matches(record))
            newer.push_back(TrafficRow::of(record, m_pool, m_redaction));
    }
    update(known);
    addNewer(std::move(newer));
}

void TrafficModel::countMissed(const Records& records)
{
    size_t fresh = 0;
    RecordId newest = m_newestSeen;
    for (const Record& record : records) {
        if (record.id > m_newestSeen && m_wanted.matches(record))
            ++fresh;
        newest = std::max(newest, record.id);
    }
    m_newestSeen = newest;
    if (!m_paused || fresh == 0)
        return;
    m_missed += fresh;
    emit missedChanged();
}

void TrafficModel::addNewer(std::vector<TrafficRow> rows)
{
    if (rows.empty())
        return;
    std::sort(rows.begin(), rows.end(),
              [](const TrafficRow& a, const TrafficRow& b) { return a.id < b.id; });
    // A batch may tell of the same record twice; the later word counts.
    std::vector<TrafficRow> once;
    for (TrafficRow& row : rows) {
        if (!once.empty() && once.back().id == row.id)
            once.back() = std::move(row);
        else
            once.push_back(std::move(row));
    }
    if (once.size() > m_maxRows)
        once.erase(once.begin(), once.end() - std::ptrdiff_t(m_maxRows));
    const size_t total = m_rows.size() + once.size();
    if (total > m_maxRows)
        dropOldest(total - m_maxRows);
    beginInsertRows({}, 0, int(once.size()) - 1);
    for (TrafficRow& row : once)
        m_rows.pushNewest(std::move(row));
    endInsertRows();
    emit countChanged();
}

void TrafficModel::update(const std::vector<const Record*>& records)
{
    std::vector<int> changed;
    for (const Record* record : records) {
        TrafficRow row = TrafficRow::of(*record, m_pool, m_redaction);
        const auto place = m_rows.find(row.id);
        if (!place) {
            insertLate(*record, std::move(row), changed);
            continue;
        }
        if (m_rows.at(*place) == row)
            continue;
        m_rows.at(*place) = std::move(row);
        changed.push_back(int(*place));
    }
    announce(changed);
}

// One that did not match until it ended stands near the newest, so this moves few others.
void TrafficModel::insertLate(const Record& record, TrafficRow row, std::vector<int>& changed)
{
    if (m_paused || row.id < m_rows.oldest() || !m_wanted.matches(record))
        return;
    if (m_rows.size() >= m_maxRows)
        return;
    announce(changed); // their numbers hold until here
    const size_t place = m_rows.newerThan(row.id);
    beginInsertRows({}, int(place), int(place));
    m_rows.insert(place, std::move(row));
    endInsertRows();
    emit countChanged();
}

void TrafficModel::announce(std::vector<int>& changed)
{
    std::sort(changed.begin(), changed.end());
    for (size_t i = 0; i < changed.size();) {
        size_t last = i;
        while (last + 1 < changed.size() && changed[last + 1] - changed[last] <= 8)
            ++last;
        emit dataChanged(index(changed[i]), index(changed[last]));
        i = last + 1;
    }
    changed.clear();
}

void TrafficModel::removeUpTo(RecordId last)
{
    std::erase_if(m_waiting, [last](const Record& record) { return record.id <= last; });
    // The source is another one, or came back: what it has is not known.
    const bool all = last == std::numeric_limits<RecordId>::max();
    const size_t newer = m_rows.newerThan(last);
    if (newer != m_rows.size()) {
        dropOldest(m_rows.size() - newer);
        m_atEnd = true;
        emit countChanged();
    }
    if (all)
        reload();
}

void TrafficModel::dropOldest(size_t count)
{
    const int total = rowCount();
    count = std::min(count, m_rows.size());
    if (count == 0)
        return;
    beginRemoveRows({}, total - int(count), total - 1);
    m_rows.dropOldest(count);
    endRemoveRows();
}

void TrafficModel::setPaused(bool paused)
{
    if (paused == m_paused)
        return;
    m_paused = paused;
    emit pausedChanged();
    if (!paused && m_missed > 0)
        reload();
}

void TrafficModel::setLoading(bool loading, const QString& problem)
{
    m_loading = loading;
    m_problem = problem;
    emit loadingChanged();
}

// --- Rows --------------------------------------------------------------------------------------

bool TrafficModel::isDated() const
{
    return !m_rows.empty() &&
           m_rows.at(m_rows.size() - 1).begunMs < today().startOfDay().toMSecsSinceEpoch();
}

int TrafficModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QHash<int, QByteArray> TrafficModel::roleNames() const
{
    return {{IdRole, "recordId"},       {TimeRole, "time"},       {MethodRole, "method"},
            {StatusRole, "status"},     {PathRole, "path"},       {TunnelRole, "tunnel"},
            {DurationRole, "duration"}, {SizeRole, "size"},       {FailedRole, "failed"},
            {PendingRole, "pending"},   {ReplayRole, "isReplay"}, {OutcomeRole, "outcome"}};
}

QVariant TrafficModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const TrafficRow& row = m_rows.at(size_t(index.row()));
    switch (role) {
    case IdRole:
        return double(row.id);
    case TimeRole:
        return TrafficText::time(row.begunMs, today());
    case MethodRole:
        return row.kind == inspect::RecordKind::Connection ? tr("CONN") : m_pool.text(row.method);
    case StatusRole:
        return int(row.status);
    case PathRole:
        return QString::fromUtf8(row.path);
    case TunnelRole:
        return m_pool.text(row.tunnel);
    case DurationRole:
        return row.durationUs < 0
                   ? QString()
                   : TrafficText::duration(std::chrono::microseconds(row.durationUs));
    case SizeRole:
        return TrafficText::bytes(row.bytes);
    case FailedRole:
        return row.failed();
    case PendingRole:
        return row.outcome == inspect::Outcome::Pending;
    case ReplayRole:
        return row.replayOf != 0;
    case OutcomeRole:
        return TrafficText::outcome(row.outcome);
    default:
        return {};
    }
}

} // namespace sallyport::gui
