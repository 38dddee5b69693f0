// The traffic of this process: reads along on its agent's connections, keeps the history, and
// answers for it.
//
//     LocalTraffic traffic(settings, log);
//     agentOptions.watch = traffic.watcher();
//
// What passes is read on the agent's thread and handed over a bounded queue to a thread of its own,
// which alone touches the disk. When that one can't keep up, bodies are cut first and then whole
// records are missed; traffic never waits. Queries run there as well.
//
// Limits: CaptureSettings, and 24 MiB and 65,536 events in the queue. A batch of recordsChanged()
// holds the newest 2,000 changes; whoever needs the others asks by query().
//
// Threads: made, used and destroyed on the agent's thread. Lifetime: the watcher and the watches
// that it made may outlive this; they see nothing then. The destructor waits until what was read is
// written.
#pragma once

#include <sallyport/inspect/capture_settings.h>
#include <sallyport/inspect/traffic_source.h>
#include <sallyport/net/connection_watch.h>
#include <sallyport/observe/log.h>

#include <memory>

namespace sallyport::inspect {

class LocalTraffic final : public TrafficSource
{
    Q_OBJECT

public:
    static constexpr size_t MaxReplays = 16; // that wait for an answer

    explicit LocalTraffic(CaptureSettings settings, observe::Log log = {},
                          QObject* parent = nullptr);
    ~LocalTraffic() override;

    // For AgentOptions::watch.
    net::ConnectionWatcher watcher() const;

    const CaptureSettings& settings() const;

    void query(const Query& query, Done<std::vector<Record>> done) override;
    void exchange(RecordId id, Done<Exchange> done) override;
    void body(RecordId id, Side side, Done<std::string> done) override;
    void replay(const ReplayRequest& request, Done<RecordId> done) override;
    void stopReplay(RecordId answer) override;
    void exportRecords(const std::vector<RecordId>& ids, ExportFormat format, bool withSecrets,
                       Done<std::string> done) override;
    void clear(Done<bool> done) override;

    bool isRecording() const override;
    void setRecording(bool recording) override;
    void setSettings(const CaptureSettings& settings) override;
    StorageProblem storageProblem() const override;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace sallyport::inspect
