// What is kept of the traffic: takes events from the ring, writes rows and bodies, and answers for
// them.
//
// Bounds: CaptureSettings. Over the budget the oldest bodies go, over the rows the oldest records.
// A history that can't be read, or that a later version wrote, is moved aside as
// "history-<time>-damaged"; one that another process holds is left alone, and this one keeps its
// own in a temporary folder. Both are said in the log.
//
// Threads: all but the constructor on the writer's thread, by invocation.
#pragma once

#include "body_files.h"
#include "capture_ring.h"
#include "database.h"
#include "live_exchange.h"
#include "recorder.h"

#include <sallyport/observe/log.h>

#include <QElapsedTimer>
#include <QLockFile>
#include <QObject>
#include <QTemporaryDir>
#include <QTimer>

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace sallyport::inspect {

class History final : public QObject
{
    Q_OBJECT

public:
    static constexpr int DrainEach = 25;  // milliseconds
    static constexpr int ReportEach = 50; // milliseconds
    static constexpr size_t BatchLimit = 2000;

    History(std::shared_ptr<CaptureRing> ring, CaptureSettings settings, observe::Log log);
    ~History() override;

    void setRecorder(std::shared_ptr<Recorder> recorder) { m_recorder = std::move(recorder); }
    void open();
    // Writes everything down, what is still going on as interrupted.
    void close();
    void wake();
    void drain();
    void setSettings(CaptureSettings settings);

    std::vector<Record> query(const Query& query);
    std::optional<CapturedExchange> find(RecordId id);
    std::string readBody(const CapturedExchange& exchange, Side side, uint64_t limit);
    // By the recorder's key; 0: not there.
    RecordId idOf(uint64_t key);
    void clear();
    const CaptureSettings& settings() const { return m_settings; }

signals:
    void changed(const std::vector<sallyport::inspect::Record>& records);
    void removed(sallyport::inspect::RecordId last);
    void owedWaits(); // the recorder should pushOwed()

private:
    bool openFolder(const std::string& folder);
    void openTemporary();
    bool openDatabase();
    void setAside();
    void apply(CaptureEvent& event);
    void store(uint64_t key, LiveExchange& live);
    void note(const Record& record);
    void report();
    void evict();
    void evictBodies();
    bool roomFor(uint64_t bytes);
    LiveExchange::Place place();
    RecordId nextId();

    std::shared_ptr<CaptureRing> m_ring;
    std::shared_ptr<Recorder> m_recorder;
    CaptureSettings m_settings;
    observe::Log m_log;
    std::string m_folder;
    std::unique_ptr<QTemporaryDir> m_temporary;
    std::unique_ptr<QLockFile> m_lock;
    std::unique_ptr<Database> m_database;
    BodyFiles m_files;
    QTimer m_drainTimer;
    QElapsedTimer m_sinceReport;
    std::unordered_map<uint64_t, std::unique_ptr<LiveExchange>> m_live; // by key
    std::map<RecordId, uint64_t> m_liveKeys;
    std::unordered_map<uint64_t, RecordId> m_replays; // by key, the last few
    std::map<RecordId, Record> m_changed;
    RecordId m_next = 1;
    RecordId m_reserved = 1;
    RecordId m_bodiesFrom = 0; // those up to here have no bodies any more
    uint64_t m_rows = 0;
    uint64_t m_bodyBytes = 0;
    bool m_writeProblem = false; // was said
};

} // namespace sallyport::inspect
