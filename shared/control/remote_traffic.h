// The traffic of an agent in another process. Internal to RemoteAgentControl, which sets its link.
#pragma once

#include "control_link.h"

#include <sallyport/inspect/traffic_source.h>

#include <QPointer>

#include <optional>

namespace sallyport::control {

class RemoteTraffic final : public inspect::TrafficSource
{
public:
    // nullptr while the agent is away.
    void setLink(ControlLink* link);
    // What asks for those events, with what is to be recorded meanwhile.
    QJsonObject subscription();
    // Events of the control socket that are about traffic; others are ignored.
    void handle(const QJsonObject& event);

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
    void setSettings(const inspect::CaptureSettings& settings) override;
    inspect::StorageProblem storageProblem() const override { return m_storage; }

private:
    void tellSettings();
    template <typename Value, typename Read>
    void ask(const QJsonObject& request, Done<Value> done, Read read);

    QPointer<ControlLink> m_link;
    bool m_recording = false;
    std::optional<inspect::CaptureSettings> m_settings; // empty: as the agent has it
    std::optional<inspect::CaptureSettings> m_told;
    inspect::StorageProblem m_storage;
};

} // namespace sallyport::control
