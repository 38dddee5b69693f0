// Traffic without a network: the demonstration's and the tests'.
//
// Threads: that of the object. Every answer comes from the event loop, never within the call.
#pragma once

#include "fake_records.h"
#include "scene.h"

#include <sallyport/inspect/traffic_source.h>

#include <QTimer>

#include <deque>

namespace sallyport::gui::demo {

class FakeTrafficSource : public inspect::TrafficSource
{
    Q_OBJECT

public:
    static constexpr size_t MaxRecords = 100'000;
    static constexpr int TickMs = 50;

    FakeTrafficSource(const Scene& scene, std::vector<FakeRecords::Tunnel> tunnels,
                      QObject* parent = nullptr);

    void query(const inspect::Query& query, Done<std::vector<inspect::Record>> done) override;
    void exchange(inspect::RecordId id, Done<inspect::Exchange> done) override;
    void body(inspect::RecordId id, inspect::Side side, Done<std::string> done) override;
    void replay(const inspect::ReplayRequest& request, Done<inspect::RecordId> done) override;
    void stopReplay(inspect::RecordId answer) override;
    void exportRecords(const std::vector<inspect::RecordId>& ids, inspect::ExportFormat format,
                       bool withSecrets, Done<std::string> done) override;
    void clear(Done<bool> done) override;
    bool isRecording() const override { return m_recording; }
    void setRecording(bool recording) override;
    void setSettings(const inspect::CaptureSettings& settings) override
    {
        m_settings = settings;
        setRecording(settings.on);
    }
    const inspect::CaptureSettings& settings() const { return m_settings; }
    inspect::StorageProblem storageProblem() const override { return m_storage; }
    void setStorageProblem(const inspect::StorageProblem& problem)
    {
        m_storage = problem;
        emit storageProblemChanged();
    }

    // So many new records, in one batch. The timer does it; tests do it themselves.
    void produce(size_t count);
    void setMoving(bool moving);
    // Whether what is sent again waits for an answer that never comes.
    void setAnswersLate(bool late) { m_answersLate = late; }
    // What every body is from now on.
    void setBodies(std::string bytes) { m_bodies = std::move(bytes); }
    uint64_t produced() const { return m_next - 1; }
    size_t kept() const { return m_records.size(); }

private:
    void tick();
    const inspect::Record* find(inspect::RecordId id) const;
    inspect::RecordId append(inspect::Record record);
    template <typename Value>
    void answer(Done<Value> done, Result<Value, std::string> value);

    FakeRecords m_source;
    std::deque<inspect::Record> m_records; // by id, without gaps
    inspect::RecordId m_next = 1;
    double m_perTick;
    std::function<std::chrono::system_clock::time_point()> m_now;
    double m_due = 0;
    bool m_recording = true;
    bool m_answersLate = false;
    std::optional<std::string> m_bodies;
    inspect::CaptureSettings m_settings;
    inspect::StorageProblem m_storage;
    QTimer m_timer;
};

} // namespace sallyport::gui::demo
