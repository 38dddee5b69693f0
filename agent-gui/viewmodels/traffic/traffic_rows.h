// The rows of the table, newest first, found by id. Adding at either end and finding take no longer
// for more rows.
#pragma once

#include "traffic_row.h"

#include <deque>
#include <optional>

namespace sallyport::gui {

class TrafficRows
{
public:
    size_t size() const { return m_rows.size(); }
    bool empty() const { return m_rows.empty(); }
    // Row 0 is the newest.
    const TrafficRow& at(size_t row) const { return m_rows[m_rows.size() - 1 - row]; }
    TrafficRow& at(size_t row) { return m_rows[m_rows.size() - 1 - row]; }

    std::optional<size_t> find(inspect::RecordId id) const;
    // How many rows are newer; the place where one with this id belongs.
    size_t newerThan(inspect::RecordId id) const;

    inspect::RecordId newest() const { return m_rows.empty() ? 0 : m_rows.back().id; }
    inspect::RecordId oldest() const { return m_rows.empty() ? 0 : m_rows.front().id; }

    void pushNewest(TrafficRow row) { m_rows.push_back(std::move(row)); }
    void pushOldest(TrafficRow row) { m_rows.push_front(std::move(row)); }
    void insert(size_t row, TrafficRow value);
    void dropOldest(size_t count);
    void clear() { m_rows.clear(); }

private:
    std::deque<TrafficRow> m_rows; // by id, ascending
};

} // namespace sallyport::gui
