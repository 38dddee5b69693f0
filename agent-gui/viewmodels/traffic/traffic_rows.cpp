#include "traffic_rows.h"

#include <algorithm>

namespace sallyport::gui {

size_t TrafficRows::newerThan(inspect::RecordId id) const
{
    const auto after = std::upper_bound(
        m_rows.begin(), m_rows.end(), id,
        [](inspect::RecordId wanted, const TrafficRow& row) { return wanted < row.id; });
    return size_t(m_rows.end() - after);
}

std::optional<size_t> TrafficRows::find(inspect::RecordId id) const
{
    const size_t row = newerThan(id);
    if (row < m_rows.size() && at(row).id == id)
        return row;
    return std::nullopt;
}

void TrafficRows::insert(size_t row, TrafficRow value)
{
    m_rows.insert(m_rows.end() - std::ptrdiff_t(row), std::move(value));
}

void TrafficRows::dropOldest(size_t count)
{
    m_rows.erase(m_rows.begin(), m_rows.begin() + std::ptrdiff_t(std::min(count, m_rows.size())));
}

} // namespace sallyport::gui
