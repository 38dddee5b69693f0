// The traffic of the agent that is followed at a time. Internal to FollowingAgentControl.
//
// Threads: that of the object. What was asked before the change is answered by the old one or not
// at all.
#pragma once

#include <sallyport/inspect/traffic_source.h>

#include <optional>
#include <vector>

namespace sallyport::control {

class ForwardingTraffic final : public inspect::TrafficSource
{
    Q_OBJECT

public:
    // Which must stay until the next call. What was shown is asked for anew.
    void setSource(inspect::TrafficSource& source);

    void query(const inspect::Query& query, Done<std::vector<inspect::Record>> done) override;
    void exchange(inspect::RecordId id, Done<inspect::Exchange> done) override;
    void body(inspect::RecordId id, inspect::Side side, Done<std::string> done) override;
    void replay(const inspect::ReplayRequest& request, Done<inspect::RecordId> done) override;
    void stopReplay(inspect::RecordId answer) override;
    void exportRecords(const std::vector<inspect::RecordId>& ids, inspect::ExportFormat format,
                       bool withSecrets, Done<std::string> done) override;
    void clear(Done<bool> done) override;
    bool isRecording() const override { return m_source->isRecording(); }
    void setRecording(bool recording) override { m_source->setRecording(recording); }
    // Holds for each source that comes after, too.
    void setSettings(const inspect::CaptureSettings& settings) override;
    inspect::StorageProblem storageProblem() const override { return m_source->storageProblem(); }

private:
    inspect::TrafficSource* m_source = nullptr;
    std::optional<inspect::CaptureSettings> m_settings;
};

} // namespace sallyport::control
