#include "forwarding_traffic.h"

#include <limits>
#include <utility>

namespace sallyport::control {

using inspect::TrafficSource;

void ForwardingTraffic::setSource(TrafficSource& source)
{
    const bool replaced = m_source != nullptr;
    if (replaced)
        m_source->disconnect(this);
    m_source = &source;
    connect(m_source, &TrafficSource::recordsChanged, this, &TrafficSource::recordsChanged);
    connect(m_source, &TrafficSource::recordsRemoved, this, &TrafficSource::recordsRemoved);
    connect(m_source, &TrafficSource::recordingChanged, this, &TrafficSource::recordingChanged);
    connect(m_source, &TrafficSource::storageProblemChanged, this,
            &TrafficSource::storageProblemChanged);
    if (m_settings)
        m_source->setSettings(*m_settings);
    if (!replaced)
        return;
    emit recordsRemoved(std::numeric_limits<inspect::RecordId>::max());
    emit recordingChanged();
    emit storageProblemChanged();
}

void ForwardingTraffic::setSettings(const inspect::CaptureSettings& settings)
{
    m_settings = settings;
    m_source->setSettings(settings);
}

void ForwardingTraffic::query(const inspect::Query& query, Done<std::vector<inspect::Record>> done)
{
    m_source->query(query, std::move(done));
}

void ForwardingTraffic::exchange(inspect::RecordId id, Done<inspect::Exchange> done)
{
    m_source->exchange(id, std::move(done));
}

void ForwardingTraffic::body(inspect::RecordId id, inspect::Side side, Done<std::string> done)
{
    m_source->body(id, side, std::move(done));
}

void ForwardingTraffic::replay(const inspect::ReplayRequest& request, Done<inspect::RecordId> done)
{
    m_source->replay(request, std::move(done));
}

void ForwardingTraffic::stopReplay(inspect::RecordId answer)
{
    m_source->stopReplay(answer);
}

void ForwardingTraffic::exportRecords(const std::vector<inspect::RecordId>& ids,
                                      inspect::ExportFormat format, bool withSecrets,
                                      Done<std::string> done)
{
    m_source->exportRecords(ids, format, withSecrets, std::move(done));
}

void ForwardingTraffic::clear(Done<bool> done)
{
    m_source->clear(std::move(done));
}

} // namespace sallyport::control
