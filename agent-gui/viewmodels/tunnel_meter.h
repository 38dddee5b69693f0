// How much goes through each tunnel now: requests a second, the last minute, latency. Counts what
// the traffic source reports and the growth of the tunnels' counters; keeps counting while no page
// shows it, and rests when nothing has moved for a minute. Begins with what the source remembers of
// the last minute.
//
// Threads: the GUI's.
#pragma once

#include <sallyport/control/agent_control.h>
#include <sallyport/inspect/traffic_source.h>

#include <QList>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <map>
#include <string>

namespace sallyport::gui {

class TunnelMeter : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype Samples = 60;       // one a second
    static constexpr uint32_t MaxRecalled = 2'000; // records of before
    // Tunnels that are known at once; others are not measured.
    static constexpr size_t MaxTunnels = 1'000;

    struct Reading
    {
        QList<qreal> history = QList<qreal>(Samples, 0.0); // requests or connections a second
        qreal perSecond = 0;                               // over the last five seconds
        qreal latencyMs = -1;                              // to the head of the answer; -1: unknown
        bool operator==(const Reading&) const = default;
    };

    explicit TunnelMeter(control::AgentControl& control, QObject* parent = nullptr);

    const Reading& reading(const std::string& ref) const;
    // Of all tunnels together.
    const Reading& total() const { return m_all.reading; }

    // Ends the present second. The timer does it; tests do it themselves.
    void sample();
    // Off: sample() is called from outside alone, for pictures.
    void setAutomatic(bool automatic);

signals:
    void sampled();

private:
    struct Count
    {
        Reading reading;
        uint64_t now = 0;        // in this second
        uint64_t known = 0;      // connections that the counters told of
        bool hasRecords = false; // counted by records, else by connections
        bool started = false;
    };

    void recall(const std::vector<inspect::Record>& newestFirst);
    void count(const std::vector<inspect::Record>& records);
    void countConnections();
    static void close(Count& count);
    void wake();

    control::AgentControl& m_control;
    std::map<std::string, Count> m_counts;
    Count m_all;
    inspect::RecordId m_newest = 0;
    int m_quietSeconds = 0;
    bool m_automatic = true;
    QTimer m_timer;
};

} // namespace sallyport::gui
