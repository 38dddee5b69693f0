// What is kept of the traffic: takes events from the ring, writes rows and bodies, and answers for
// them.
//
// Bounds: CaptureSettings. Over the budget the oldest bodies go, over the rows the oldest records.
// A history that can't be read, or that a later version wrote, is moved aside as
// "history-<time>-damaged"; one that another process holds is left alone, and this one keeps its
// own in a temporary folder. Both are said in the log. Ids go on all the same: the next one stands
// in a file of its own.
//
// A folder that is full or can't be written keeps nothing from being seen: records wait in memory
// (Database::UnwrittenLimit), what is stored is read and left as it is, and every RetryEach it is
// tried whether there is room again. Nothing is evicted meanwhile.
//
// A temporary folder that a killed program left behind is removed by the next start of one.
//
// Threads: all but the constructor on the writer's thread, by invocation.
#pragma once

#include "body_files.h"
#include "capture_ring.h"
#include "database.h"
#include "live_exchange.h"
#include "next_id.h"
#include "recorder.h"
#include "temporary_folder.h"

#include <sallyport/observe/log.h>

#include <QElapsedTimer>
#include <QLockFile>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace sallyport::inspect {

class History final : public QObject
{
    Q_OBJECT

public:
    using Batch = std::shared_ptr<const std::vector<Record>>;

    static constexpr int DrainEach = 50;   // milliseconds
    static constexpr int ReportEach = 50;  // milliseconds
    static constexpr int CommitEach = 250; // milliseconds, where there is no block to write before
    static constexpr size_t BatchLimit = 2000;
    static constexpr std::chrono::seconds WarnEach{10}; // of requests that were missed
    static constexpr std::chrono::milliseconds RetryEach{3000};

    // `now` is asked when to warn.
    History(std::shared_ptr<CaptureRing> ring, CaptureSettings settings, observe::Log log,
            std::function<TimePoint()> now = &Clock::now,
            std::chrono::milliseconds retryEach = RetryEach);
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
    // False: what is stored can't be removed.
    bool clear();
    const CaptureSettings& settings() const { return m_settings; }

signals:
    // Shared, so that it is not copied from thread to thread.
    void changed(const sallyport::inspect::History::Batch& records);
    void removed(sallyport::inspect::RecordId last);
    void owedWaits(); // the recorder should pushOwed()
    void storageChanged(const sallyport::inspect::StorageProblem& problem);

private:
    enum class Opened { Fine, InUse, Unusable };
    Opened openFolder();
    Opened openPlace();
    bool openTemporary();
    bool openDatabase();
    void setAside();
    bool removeDatabase();
    void takeStock();
    void waitForRoom(const std::string& why);
    void tryAgain();
    bool isWaiting() const { return m_problem.kind != StorageProblem::Kind::None; }
    void dropLost();
    struct Live
    {
        template <typename... Arguments>
        explicit Live(const Arguments&... arguments) : exchange(arguments...)
        {}
        LiveExchange exchange;
        bool noted = false;
    };

    using LiveMap = std::unordered_map<uint64_t, Live>;

    void apply(CaptureEvent& event);
    void begin(CaptureEvent& event);
    void store(LiveExchange& live);
    void commit(Database::Commit what);
    void note(uint64_t key, Live& live);
    void report();
    void warnOfMissed();
    void evict();
    void evictBodies();
    void removeFiles(const std::vector<Database::KeptBodies>& bodies);
    bool roomFor(uint64_t bytes);
    LiveExchange::Place place();
    const LiveExchange* findLive(RecordId id) const;

    std::shared_ptr<CaptureRing> m_ring;
    std::shared_ptr<Recorder> m_recorder;
    CaptureSettings m_settings;
    observe::Log m_log;
    std::string m_folder;
    std::unique_ptr<TemporaryFolder> m_temporary;
    std::unique_ptr<QLockFile> m_lock;
    std::unique_ptr<Database> m_database;
    BodyFiles m_files;
    NextId m_ids;
    QTimer m_drainTimer;
    QTimer m_retryTimer; // while it waits for room
    StorageProblem m_problem;
    QElapsedTimer m_sinceReport;
    QElapsedTimer m_sinceCommit;
    LiveMap m_live;                            // by key
    LiveMap::iterator m_lately = m_live.end(); // events of an exchange often follow each other
    std::unordered_map<uint64_t, RecordId> m_replays; // by key, the last few
    std::vector<uint64_t> m_noted;                    // changed since the last report
    std::vector<Record> m_ended;                      // likewise
    Batch m_reported; // the last, so that it is freed here and not on the agent's thread
    uint64_t m_rows = 0;
    uint64_t m_bodyBytes = 0;
    std::function<TimePoint()> m_now;
    std::optional<TimePoint> m_lastWarning;
    uint64_t m_missed = 0;  // since the last warning
    bool m_sawSome = false; // events, at the last look
    uint64_t m_lost = 0;    // records, while it waited
};

} // namespace sallyport::inspect
