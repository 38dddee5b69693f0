#include "tunnels_model.h"

#include "format.h"

#include <algorithm>

namespace sallyport::gui {

void TunnelsModel::setSession(Session* session)
{
    if (session == m_session || session == nullptr)
        return;
    m_session = session;
    connect(session, &Session::changed, this, &TunnelsModel::refresh);
    connect(&session->meter(), &TunnelMeter::sampled, this, &TunnelsModel::tellReadings);
    emit sessionChanged();
    refresh();
}

void TunnelsModel::setSearch(const QString& search)
{
    if (search == m_search)
        return;
    m_search = search;
    emit searchChanged();
    refresh();
}

int TunnelsModel::total() const
{
    return m_session != nullptr ? m_session->tunnelCount() : 0;
}

std::vector<TunnelRow> TunnelsModel::wanted() const
{
    std::vector<TunnelRow> rows;
    if (m_session == nullptr)
        return rows;
    for (const auto& view : m_session->control().snapshot().tunnels) {
        TunnelRow row = TunnelRow::from(view, m_session->lastAddresses().of(view));
        if (row.contains(m_search))
            rows.push_back(std::move(row));
    }
    return rows;
}

void TunnelsModel::refresh()
{
    const std::vector<TunnelRow> rows = wanted();
    const size_t before = m_rows.size();
    const auto has = [](const std::vector<TunnelRow>& all, const QString& ref) {
        return std::any_of(all.begin(), all.end(),
                           [&ref](const TunnelRow& row) { return row.ref == ref; });
    };
    for (size_t i = 0; i < rows.size(); ++i) {
        // Those that went, up to the one that should stand here.
        while (i < m_rows.size() && m_rows[i].ref != rows[i].ref && !has(rows, m_rows[i].ref)) {
            beginRemoveRows({}, int(i), int(i));
            m_rows.erase(m_rows.begin() + ptrdiff_t(i));
            endRemoveRows();
        }
        if (i < m_rows.size() && m_rows[i].ref == rows[i].ref) {
            if (m_rows[i] == rows[i])
                continue;
            m_rows[i] = rows[i];
            emit dataChanged(index(int(i)), index(int(i)));
            continue;
        }
        beginInsertRows({}, int(i), int(i));
        m_rows.insert(m_rows.begin() + ptrdiff_t(i), rows[i]);
        endInsertRows();
    }
    if (m_rows.size() > rows.size()) {
        beginRemoveRows({}, int(rows.size()), int(m_rows.size()) - 1);
        m_rows.resize(rows.size());
        endRemoveRows();
    }
    if (m_rows.size() != before)
        emit countChanged();
}

void TunnelsModel::tellReadings()
{
    if (!m_rows.empty())
        emit dataChanged(index(0), index(count() - 1), {RateRole, LatencyRole, HistoryRole});
}

int TunnelsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant TunnelsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return {};
    const TunnelRow& row = m_rows[size_t(index.row())];
    const auto reading = [&] { return m_session->meter().reading(row.ref.toStdString()); };
    switch (role) {
    case Qt::DisplayRole:
    case RefRole:
        return row.ref;
    case KindRole:
        return row.kind;
    case UrlRole:
        return row.url;
    case LiveRole:
        return row.live;
    case ShortUrlRole:
        return shortUrl(row.url);
    case UpstreamRole:
        return row.upstream;
    case AccessRole:
        return row.access;
    case StateRole:
        return int(row.state);
    case StateTextRole:
        return row.stateText;
    case ProblemRole:
        return row.problem;
    case BytesInRole:
        return row.bytesIn;
    case BytesOutRole:
        return row.bytesOut;
    case RateRole:
        return rateText(reading().perSecond);
    case LatencyRole:
        return latencyText(reading().latencyMs);
    case HistoryRole:
        return QVariant::fromValue(reading().history);
    default:
        return {};
    }
}

QHash<int, QByteArray> TunnelsModel::roleNames() const
{
    return {{RefRole, "ref"},         {KindRole, "kind"},         {UrlRole, "url"},
            {LiveRole, "live"},       {ShortUrlRole, "shortUrl"}, {UpstreamRole, "upstream"},
            {AccessRole, "access"},   {StateRole, "tunnelState"}, {StateTextRole, "stateText"},
            {ProblemRole, "problem"}, {BytesInRole, "bytesIn"},   {BytesOutRole, "bytesOut"},
            {RateRole, "rate"},       {LatencyRole, "latency"},   {HistoryRole, "history"}};
}

void TunnelsModel::setPaused(const QString& ref, bool paused)
{
    m_session->control().setPaused(ref.toStdString(), paused, m_session->complaining());
}

void TunnelsModel::remove(const QString& ref)
{
    m_session->control().removeTunnel(ref.toStdString(), m_session->complaining());
}

int TunnelsModel::rowOf(const QString& ref) const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                    [&ref](const TunnelRow& row) { return row.ref == ref; });
    return found == m_rows.end() ? -1 : int(found - m_rows.begin());
}

} // namespace sallyport::gui
