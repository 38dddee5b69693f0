#include "timing_model.h"

#include "traffic_text.h"

#include <algorithm>
#include <array>

namespace sallyport::gui {

namespace {

using std::chrono::microseconds;

} // namespace

void TimingModel::setRecord(const inspect::Record& record)
{
    // Clients send on while the answer begins, so the points are put in order.
    const auto answered = record.answered.value_or(record.ended.value_or(microseconds(0)));
    const auto sent = std::min(record.requestDone.value_or(microseconds(0)), answered);
    const auto ended = std::max(record.ended.value_or(answered), answered);
    const double whole = double(std::max<int64_t>(1, ended.count()));
    const std::array<std::pair<QString, std::pair<microseconds, microseconds>>, 3> parts{{
        {tr("Request received"), {microseconds(0), sent}},
        {tr("Waiting for the local service"), {sent, answered}},
        {tr("Answer passed on"), {answered, ended}},
    }};
    beginResetModel();
    m_bars.clear();
    for (const auto& [name, span] : parts)
        m_bars.push_back({name, double(span.first.count()) / whole,
                          double((span.second - span.first).count()) / whole,
                          TrafficText::duration(span.second - span.first)});
    m_total = record.ended ? TrafficText::duration(ended) : QString();
    endResetModel();
    emit changed();
}

int TimingModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_bars.size());
}

QVariant TimingModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Bar& bar = m_bars[size_t(index.row())];
    switch (role) {
    case NameRole:
        return bar.name;
    case StartRole:
        return bar.start;
    case LengthRole:
        return bar.length;
    case DurationRole:
        return bar.duration;
    default:
        return {};
    }
}

QHash<int, QByteArray> TimingModel::roleNames() const
{
    return {{NameRole, "name"},
            {StartRole, "start"},
            {LengthRole, "length"},
            {DurationRole, "duration"}};
}

} // namespace sallyport::gui
