#include "traffic_filter.h"

namespace sallyport::gui {

inspect::Filter TrafficFilter::value() const
{
    inspect::Filter filter;
    filter.text = m_text.trimmed().toStdString();
    filter.method = m_method.toStdString();
    filter.path = m_path.trimmed().toStdString();
    filter.tunnel = m_tunnel.toStdString();
    if (m_statusClass > 0) {
        filter.statusMin = unsigned(m_statusClass) * 100;
        filter.statusMax = filter.statusMin + 99;
    }
    filter.minDuration = std::chrono::milliseconds(m_minDurationMs);
    filter.failedOnly = m_failedOnly;
    return filter;
}

void TrafficFilter::clear()
{
    showOnly({});
}

void TrafficFilter::showOnly(const QString& tunnel)
{
    const inspect::Filter before = value();
    m_text.clear();
    m_method.clear();
    m_path.clear();
    m_tunnel = tunnel;
    m_statusClass = 0;
    m_minDurationMs = 0;
    m_failedOnly = false;
    if (value() != before)
        emit changed();
}

} // namespace sallyport::gui
