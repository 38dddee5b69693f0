// Where a screen gets traffic from: the history of this process, or that of an agent which runs
// elsewhere on this computer. The same calls for both.
//
// Threads: that of the object. Answers come later or at once, exactly once, and not at all when the
// source is destroyed before. Errors are sentences for people.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/inspect/capture_settings.h>
#include <sallyport/inspect/record.h>

#include <QObject>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::inspect {

// All that is set must hold.
struct Filter
{
    std::string tunnel;     // its ref
    std::string method;     // any case
    std::string path;       // contained in it, any case
    unsigned statusMin = 0; // of visitorStatus()
    unsigned statusMax = 0; // 0: no bound
    bool failedOnly = false;
    std::string text; // in host, path, visitor, content type or error, any case
    std::chrono::microseconds minDuration{0};

    bool matches(const Record& record) const;
    bool operator==(const Filter&) const = default;
};

struct Query
{
    Filter filter;
    RecordId before = 0; // only older ones; 0: the newest
    uint32_t limit = 500;
};

// A request to send again, as it was or edited.
struct ReplayRequest
{
    RecordId original = 0;
    bool edited = false;
    // With `edited`:
    std::string method;
    std::string target;
    std::vector<HeaderLine> headers; // framing and hop-by-hop ones are set anew
    std::string body;
};

// Why the history is not written to the disk right now. Traffic is shown all the same: it is kept
// in memory, the newest 16 MiB without long bodies, and written when it can be again.
struct StorageProblem
{
    enum class Kind : uint8_t { None, Full, NotWritable };
    Kind kind = Kind::None;
    std::string folder;
    std::string why; // the system's words

    bool operator==(const StorageProblem&) const = default;
};

enum class ExportFormat : uint8_t { Curl, Har, HttpFile };

class TrafficSource : public QObject
{
    Q_OBJECT

public:
    template <typename Value>
    using Done = std::function<void(Result<Value, std::string>)>;

    using QObject::QObject;

    // Newest first.
    virtual void query(const Query& query, Done<std::vector<Record>> done) = 0;
    virtual void exchange(RecordId id, Done<Exchange> done) = 0;
    // As it passed, still encoded; see decode.h.
    virtual void body(RecordId id, Side side, Done<std::string> done) = 0;
    // Answers with the id of the new record, which by then may still be pending.
    virtual void replay(const ReplayRequest& request, Done<RecordId> done) = 0;
    // Of the record that replay() answered with: nothing more is sent or waited for, and it ends as
    // interrupted. Fine when it is over.
    virtual void stopReplay(RecordId answer) = 0;
    // Secrets are left out unless `withSecrets`.
    virtual void exportRecords(const std::vector<RecordId>& ids, ExportFormat format,
                               bool withSecrets, Done<std::string> done) = 0;
    virtual void clear(Done<bool> done) = 0;

    virtual bool isRecording() const = 0;
    virtual void setRecording(bool recording) = 0;
    // What is recorded and what is secret, from now on; a smaller budget is enforced at once.
    // `folder` and `keepHistory` are those of the source's start.
    virtual void setSettings(const CaptureSettings& settings) = 0;

    virtual StorageProblem storageProblem() const { return {}; }

signals:
    // New records and changes of known ones, in one batch, at most 20 times a second.
    void recordsChanged(const std::vector<sallyport::inspect::Record>& records);
    // Those up to `last` have been evicted, or all were cleared.
    void recordsRemoved(sallyport::inspect::RecordId last);
    void recordingChanged();
    void storageProblemChanged();
};

} // namespace sallyport::inspect
