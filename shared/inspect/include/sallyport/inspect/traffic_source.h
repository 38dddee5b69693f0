// Where a screen gets traffic from: the history of this process, or that of an agent which runs
// elsewhere on this computer. The same calls for both.
//
// Threads: that of the object. Answers come later or at once, exactly once, and not at all when the
// source is destroyed before. Errors are sentences for people.
#pragma once

#include <sallyport/base/result.h>
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
    std::string tunnel; // its ref
    std::string method; // any case
    std::string path;   // contained in it, any case
    unsigned statusMin = 0;
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
    // Secrets are left out unless `withSecrets`.
    virtual void exportRecords(const std::vector<RecordId>& ids, ExportFormat format,
                               bool withSecrets, Done<std::string> done) = 0;
    virtual void clear(Done<bool> done) = 0;

    virtual bool isRecording() const = 0;
    virtual void setRecording(bool recording) = 0;

signals:
    // New records and changes of known ones, in one batch, at most 20 times a second.
    void recordsChanged(const std::vector<sallyport::inspect::Record>& records);
    // Those up to `last` have been evicted, or all were cleared.
    void recordsRemoved(sallyport::inspect::RecordId last);
    void recordingChanged();
};

} // namespace sallyport::inspect
