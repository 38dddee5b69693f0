#include "tunnel_meter.h"

#include <QPointer>

#include <algorithm>

namespace sallyport::gui {

namespace {

constexpr qreal NewLatencyShare = 0.1; // of the moving average
constexpr qsizetype RateSeconds = 5;

void notice(TunnelMeter::Reading& reading, std::chrono::microseconds latency)
{
    const qreal ms = qreal(latency.count()) / 1'000;
    reading.latencyMs =
        reading.latencyMs < 0 ? ms : reading.latencyMs + NewLatencyShare * (ms - reading.latencyMs);
}

} // namespace

TunnelMeter::TunnelMeter(control::AgentControl& control, QObject* parent)
    : QObject(parent), m_control(control)
{
    m_timer.setInterval(1'000);
    connect(&m_timer, &QTimer::timeout, this, &TunnelMeter::sample);
    connect(&control, &control::AgentControl::snapshotChanged, this,
            &TunnelMeter::countConnections);
    connect(&control.traffic(), &inspect::TrafficSource::recordsChanged, this, &TunnelMeter::count);
    countConnections();
    control.traffic().query({{}, 0, MaxRecalled},
                            [self = QPointer<TunnelMeter>(this)](
                                const Result<std::vector<inspect::Record>, std::string>& found) {
                                if (self && found)
                                    self->recall(*found);
                            });
}

void TunnelMeter::recall(const std::vector<inspect::Record>& newestFirst)
{
    const auto now = std::chrono::system_clock::now();
    for (const auto& record : newestFirst) {
        const auto age = std::chrono::floor<std::chrono::seconds>(now - record.begun).count();
        const auto known = m_counts.find(record.tunnel);
        if (age < 0 || age >= Samples || known == m_counts.end())
            continue;
        const qsizetype place = Samples - 1 - age;
        known->second.reading.history[place] += 1;
        m_all.reading.history[place] += 1;
    }
    emit sampled();
    if (!newestFirst.empty())
        wake();
}

const TunnelMeter::Reading& TunnelMeter::reading(const std::string& ref) const
{
    static const Reading none;
    const auto found = m_counts.find(ref);
    return found == m_counts.end() ? none : found->second.reading;
}

void TunnelMeter::count(const std::vector<inspect::Record>& records)
{
    for (const auto& record : records) {
        if (m_counts.size() >= MaxTunnels && !m_counts.contains(record.tunnel))
            continue;
        Count& of = m_counts[record.tunnel];
        if (record.id > m_newest) {
            m_newest = record.id;
            of.hasRecords = true;
            ++of.now;
            ++m_all.now;
        }
        if (record.ended && record.answered) {
            notice(of.reading, *record.answered);
            notice(m_all.reading, *record.answered);
        }
    }
    m_quietSeconds = 0;
    wake();
}

void TunnelMeter::countConnections()
{
    const auto& tunnels = m_control.snapshot().tunnels;
    std::erase_if(m_counts, [&tunnels](const auto& entry) {
        return std::none_of(tunnels.begin(), tunnels.end(), [&entry](const auto& tunnel) {
            return tunnel.status.ref == entry.first;
        });
    });
    for (const auto& tunnel : tunnels) {
        if (m_counts.size() >= MaxTunnels && !m_counts.contains(tunnel.status.ref))
            continue;
        Count& of = m_counts[tunnel.status.ref];
        const uint64_t total = tunnel.status.counters.total;
        // A counter that fell is one of an agent that began anew.
        const uint64_t grown = of.started && total > of.known ? total - of.known : 0;
        of.known = total;
        of.started = true;
        if (grown == 0 || of.hasRecords)
            continue;
        of.now += grown;
        m_all.now += grown;
        m_quietSeconds = 0;
        wake();
    }
}

void TunnelMeter::close(Count& count)
{
    QList<qreal>& history = count.reading.history;
    history.removeFirst();
    history.append(qreal(count.now));
    count.now = 0;
    const auto recent = history.last(RateSeconds);
    qreal sum = 0;
    for (const qreal value : recent)
        sum += value;
    count.reading.perSecond = sum / RateSeconds;
}

void TunnelMeter::wake()
{
    if (m_automatic && !m_timer.isActive())
        m_timer.start();
}

void TunnelMeter::setAutomatic(bool automatic)
{
    m_automatic = automatic;
    if (!automatic)
        m_timer.stop();
}

void TunnelMeter::sample()
{
    for (auto& [ref, count] : m_counts)
        close(count);
    close(m_all);
    if (++m_quietSeconds > Samples)
        m_timer.stop();
    emit sampled();
}

} // namespace sallyport::gui
