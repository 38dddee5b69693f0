#include "export.h"
#include "history.h"
#include "recorder.h"
#include "replay_message.h"
#include "replayer.h"

#include <sallyport/inspect/local_traffic.h>

#include <QMetaObject>
#include <QPointer>
#include <QThread>
#include <QTimer>

#ifdef Q_OS_LINUX
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace sallyport::inspect {

namespace {

constexpr uint32_t QueryLimit = 100'000;
constexpr size_t ExportBodies = 64 * 1024 * 1024;
constexpr size_t ExportRecords = 10'000;

// What carries traffic goes first.
void stepBack()
{
#ifdef Q_OS_LINUX
    setpriority(PRIO_PROCESS, id_t(syscall(SYS_gettid)), 10);
#endif
}

std::string notThere(RecordId id)
{
    return "record " + std::to_string(id) + " is not in the history any more";
}

std::vector<ExportItem> collect(History& history, const std::vector<RecordId>& ids)
{
    std::vector<ExportItem> items;
    size_t left = ExportBodies;
    for (const RecordId id : ids) {
        const auto found = history.find(id);
        if (!found)
            continue;
        ExportItem item;
        item.exchange = found->toExchange(history.settings().redaction);
        item.requestBody = history.readBody(*found, Side::Request, left);
        left -= item.requestBody.size();
        item.responseBody = history.readBody(*found, Side::Response, left);
        left -= item.responseBody.size();
        items.push_back(std::move(item));
    }
    return items;
}

} // namespace

struct LocalTraffic::Parts
{
    CaptureSettings settings;
    QThread thread;
    History* history = nullptr; // lives on the thread
    std::shared_ptr<Recorder> recorder;
    StorageProblem problem;
    struct Replay
    {
        QPointer<Replayer> replayer; // null: over
        RecordId answer = 0;         // 0: not known yet
    };
    std::vector<Replay> replays;
};

LocalTraffic::LocalTraffic(CaptureSettings settings, observe::Log log, QObject* parent)
    : TrafficSource(parent), m_parts(std::make_unique<Parts>())
{
    Parts& parts = *m_parts;
    parts.settings = std::move(settings);
    const auto ring = std::make_shared<CaptureRing>();
    auto* history = new History(ring, parts.settings, std::move(log));
    parts.history = history;
    parts.recorder = std::make_shared<Recorder>(ring, [history] {
        QMetaObject::invokeMethod(history, &History::wake, Qt::QueuedConnection);
    });
    parts.recorder->setRecording(parts.settings.on);
    parts.recorder->setBodyLimit(parts.settings.bodyLimit);
    history->setRecorder(parts.recorder);
    history->moveToThread(&parts.thread);
    connect(history, &History::changed, this,
            [this](const History::Batch& records) { emit recordsChanged(*records); });
    connect(history, &History::removed, this, &TrafficSource::recordsRemoved);
    connect(history, &History::storageChanged, this, [this](const StorageProblem& problem) {
        m_parts->problem = problem;
        emit storageProblemChanged();
    });
    connect(history, &History::owedWaits, this,
            [recorder = parts.recorder] { recorder->pushOwed(); });
    parts.thread.setObjectName("history");
    // Once the event loop runs: the database need not be opened while a window is being made.
    // What is asked meanwhile is asked after that.
    QMetaObject::invokeMethod(history, [history] {
        stepBack();
        history->open();
    });
    QTimer::singleShot(0, this, [&parts] { parts.thread.start(); });
}

LocalTraffic::~LocalTraffic()
{
    m_parts->recorder->pushOwed();
    m_parts->recorder->close();
    History* history = m_parts->history;
    m_parts->thread.start(); // when it has not been yet
    QMetaObject::invokeMethod(
        history,
        [history] {
            history->close();
            delete history;
        },
        Qt::BlockingQueuedConnection);
    m_parts->thread.quit();
    m_parts->thread.wait();
}

net::ConnectionWatcher LocalTraffic::watcher() const
{
    return [recorder = m_parts->recorder](const net::WatchedConnection& about) {
        return recorder->watch(about);
    };
}

void LocalTraffic::setSettings(const CaptureSettings& settings)
{
    const CaptureSettings before = std::exchange(m_parts->settings, settings);
    m_parts->settings.keepHistory = before.keepHistory;
    m_parts->settings.folder = before.folder;
    m_parts->recorder->setRecording(settings.on);
    m_parts->recorder->setBodyLimit(settings.bodyLimit);
    History* history = m_parts->history;
    QMetaObject::invokeMethod(history, [history, settings] { history->setSettings(settings); });
    if (before.on != settings.on)
        emit recordingChanged();
}

const CaptureSettings& LocalTraffic::settings() const
{
    return m_parts->settings;
}

// `work` runs on the history's thread, `done` with its result here.
template <typename Work, typename Done>
static void ask(LocalTraffic* traffic, History* history, Work work, Done done)
{
    QMetaObject::invokeMethod(history, [traffic, history, work = std::move(work),
                                        done = std::move(done)]() mutable {
        auto result = work(*history);
        // The destructor waits for this thread: the object is there.
        QMetaObject::invokeMethod(traffic,
                                  [done = std::move(done), result = std::move(result)]() mutable {
                                      done(std::move(result));
                                  });
    });
}

void LocalTraffic::query(const Query& query, Done<std::vector<Record>> done)
{
    Query bounded = query;
    bounded.limit = std::min(query.limit, QueryLimit);
    ask(
        this, m_parts->history,
        [bounded](History& history) {
            return Result<std::vector<Record>, std::string>(history.query(bounded));
        },
        std::move(done));
}

void LocalTraffic::exchange(RecordId id, Done<Exchange> done)
{
    ask(
        this, m_parts->history,
        [id](History& history) -> Result<Exchange, std::string> {
            if (const auto found = history.find(id))
                return found->toExchange(history.settings().redaction);
            return Failure(notThere(id));
        },
        std::move(done));
}

void LocalTraffic::body(RecordId id, Side side, Done<std::string> done)
{
    ask(
        this, m_parts->history,
        [id, side](History& history) -> Result<std::string, std::string> {
            if (const auto found = history.find(id))
                return history.readBody(*found, side, UINT32_MAX);
            return Failure(notThere(id));
        },
        std::move(done));
}

void LocalTraffic::replay(const ReplayRequest& request, Done<RecordId> done)
{
    struct Ready
    {
        std::string message;
        net::WatchedConnection about;
    };
    const auto prepare = [request](History& history) -> Result<Ready, std::string> {
        const auto found = history.find(request.original);
        if (!found)
            return Failure(notThere(request.original));
        std::string body;
        if (!request.edited)
            body = history.readBody(*found, Side::Request, UINT32_MAX);
        auto message = replayMessage(*found, request, body);
        if (!message)
            return Failure(message.error());
        Ready ready;
        ready.message = std::move(*message);
        ready.about.tunnel = found->record.tunnel;
        ready.about.upstream = found->record.upstream;
        ready.about.host = found->record.host;
        ready.about.tls = found->record.tls;
        ready.about.http = true;
        return ready;
    };
    const auto send = [this, request, done = std::move(done)](Result<Ready, std::string> ready) {
        if (!ready)
            return done(Failure(ready.error()));
        if (!isRecording())
            return done(Failure(std::string("switch recording on to see what comes back")));
        auto& replays = m_parts->replays;
        std::erase_if(replays,
                      [](const auto& one) { return !one.replayer || one.replayer->isOver(); });
        if (replays.size() >= MaxReplays)
            return done(Failure(std::string(
                "too many requests that were sent again wait for an answer: stop one of them")));
        uint64_t key = 0;
        auto watch =
            m_parts->recorder->watchReplay(ready->about, request.original, request.edited, key);
        auto* replayer =
            new Replayer(std::move(watch), ready->about.upstream, std::move(ready->message), this);
        replays.push_back({replayer, 0});
        replayer->start();
        ask(
            this, m_parts->history,
            [key](History& history) -> Result<RecordId, std::string> {
                if (const RecordId id = history.idOf(key))
                    return id;
                return Failure(std::string("too much passes right now to record the answer"));
            },
            [this, replayer = QPointer<Replayer>(replayer), done](const auto& answer) {
                for (auto& one : m_parts->replays)
                    if (answer && replayer && one.replayer == replayer)
                        one.answer = *answer;
                done(answer);
            });
    };
    ask(this, m_parts->history, prepare, send);
}

void LocalTraffic::stopReplay(RecordId answer)
{
    for (auto& one : m_parts->replays)
        if (one.answer == answer && one.replayer)
            one.replayer->stop();
}

void LocalTraffic::exportRecords(const std::vector<RecordId>& ids, ExportFormat format,
                                 bool withSecrets, Done<std::string> done)
{
    if (ids.size() > ExportRecords)
        return done(Failure(std::string("no more than 10,000 records can be exported at once")));
    ask(
        this, m_parts->history,
        [ids, format, withSecrets](History& history) -> Result<std::string, std::string> {
            const auto items = collect(history, ids);
            if (items.empty())
                return Failure(std::string("these records are not in the history any more"));
            return exportAs(format, items,
                            {withSecrets, history.settings().redaction, SALLYPORT_VERSION});
        },
        std::move(done));
}

void LocalTraffic::clear(Done<bool> done)
{
    ask(
        this, m_parts->history,
        [](History& history) -> Result<bool, std::string> {
            if (history.clear())
                return true;
            return Failure("the history in " + history.settings().folder +
                           " can't be removed: make room there, and see who may write to it");
        },
        std::move(done));
}

bool LocalTraffic::isRecording() const
{
    return m_parts->settings.on;
}

void LocalTraffic::setRecording(bool recording)
{
    if (m_parts->settings.on == recording)
        return;
    CaptureSettings changed = m_parts->settings;
    changed.on = recording;
    setSettings(changed);
}

StorageProblem LocalTraffic::storageProblem() const
{
    return m_parts->problem;
}

} // namespace sallyport::inspect
