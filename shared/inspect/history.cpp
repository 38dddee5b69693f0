#include "history.h"

#include <algorithm>

namespace sallyport::inspect {

namespace {
constexpr size_t EventsAtOnce = 16 * 1024;
constexpr size_t RememberedReplays = 64;
} // namespace

History::History(std::shared_ptr<CaptureRing> ring, CaptureSettings settings, observe::Log log,
                 std::function<TimePoint()> now, std::chrono::milliseconds retryEach)
    : m_ring(std::move(ring)),
      m_settings(std::move(settings)),
      m_log(std::move(log)),
      m_drainTimer(this),
      m_retryTimer(this),
      m_now(std::move(now))
{
    m_drainTimer.setSingleShot(true);
    connect(&m_drainTimer, &QTimer::timeout, this, &History::drain);
    m_retryTimer.setSingleShot(true);
    m_retryTimer.setInterval(retryEach);
    connect(&m_retryTimer, &QTimer::timeout, this, &History::tryAgain);
}

History::~History() = default;

void History::close()
{
    m_drainTimer.stop();
    while (m_ring->front())
        drain();
    if (isWaiting())
        tryAgain();
    m_retryTimer.stop();
    if (m_database) {
        m_database->begin();
        for (auto& [key, live] : m_live) {
            live.exchange.finish(Outcome::Interrupted, "the program ended");
            store(live.exchange);
        }
        commit(Database::Commit::All);
        m_retryTimer.stop();
        m_ids.close();
        if (isWaiting())
            m_log.error("what passed since the history can't be written is lost");
    }
    m_live.clear();
    m_lately = m_live.end();
    m_database.reset();
    m_temporary.reset();
    m_lock.reset();
}

void History::wake()
{
    if (!m_drainTimer.isActive())
        m_drainTimer.start(DrainEach);
}

void History::drain()
{
    if (m_recorder)
        m_recorder->slept();
    if (m_database && !isWaiting())
        m_database->begin();
    size_t count = 0;
    for (; count < EventsAtOnce; ++count) {
        CaptureEvent* event = m_ring->front();
        if (!event)
            break;
        apply(*event);
        m_ring->pop();
    }
    if (m_database && count > 0 && !isWaiting())
        evict();
    const bool all = !m_sinceCommit.isValid() || m_sinceCommit.elapsed() >= CommitEach;
    if (m_database)
        commit(all ? Database::Commit::All : Database::Commit::WholeBlocks);
    if (m_recorder && m_recorder->owes())
        emit owedWaits();
    warnOfMissed();
    // What was pushed while this thread went to sleep may be seen late, and its waking be missed:
    // there is one more look after the last event.
    const bool sawSome = std::exchange(m_sawSome, count > 0);
    if (count == EventsAtOnce)
        m_drainTimer.start(0);
    else if (count > 0 || sawSome || !m_noted.empty() || !m_ended.empty() || m_missed > 0 ||
             (m_database && !isWaiting() && m_database->waits()))
        m_drainTimer.start(DrainEach);
    report();
}

void History::apply(CaptureEvent& event)
{
    if (std::holds_alternative<Begun>(event.event.what))
        return begin(event);
    const auto found = m_lately != m_live.end() && m_lately->first == event.key
                           ? m_lately
                           : m_live.find(event.key);
    if (found == m_live.end())
        return;
    m_lately = found;
    LiveExchange& live = found->second.exchange;
    live.apply(event.event, place());
    if (!live.isOver())
        return note(event.key, found->second);
    store(live);
    if (m_ended.size() == 2 * BatchLimit)
        m_ended.erase(m_ended.begin(), m_ended.begin() + BatchLimit);
    m_ended.push_back(live.takeRecord());
    m_lately = m_live.end();
    m_live.erase(found);
}

void History::begin(CaptureEvent& event)
{
    const RecordId id = m_ids.take();
    const auto [live, fresh] =
        m_live.try_emplace(event.key, id, *event.connection, event.event, place());
    m_lately = live;
    if (fresh)
        note(event.key, live->second);
    if (event.connection->replayOf == 0)
        return;
    if (m_replays.size() >= RememberedReplays)
        m_replays.erase(m_replays.begin());
    m_replays[event.key] = id;
}

void History::store(LiveExchange& live)
{
    if (!m_database)
        return;
    ++m_rows;
    m_database->insert(live.captured());
}

void History::commit(Database::Commit what)
{
    if (what == Database::Commit::All)
        m_sinceCommit.restart();
    if (isWaiting() && !m_database->isInTransaction())
        m_database->hold();
    else if (!m_database->commit(what)) {
        m_rows = m_database->count();
        waitForRoom(m_database->lastError());
    }
    dropLost();
}

void History::dropLost()
{
    const Database::Removed lost = m_database->takeLost();
    if (lost.count == 0)
        return;
    m_lost += lost.count;
    m_rows -= std::min(m_rows, lost.count);
    removeFiles(lost.bodies);
}

LiveExchange::Place History::place()
{
    return {m_files, m_settings, [this](uint64_t bytes) { return roomFor(bytes); },
            [this](uint64_t bytes) {
                m_bodyBytes -= std::min(m_bodyBytes, bytes);
                waitForRoom("a body can't be written");
            }};
}

void History::note(uint64_t key, Live& live)
{
    if (!std::exchange(live.noted, true))
        m_noted.push_back(key);
}

void History::report()
{
    if ((m_noted.empty() && m_ended.empty()) || m_sinceReport.elapsed() < ReportEach)
        return;
    m_sinceReport.restart();
    auto batch = std::make_shared<std::vector<Record>>(std::exchange(m_ended, {}));
    std::vector<Record>& records = *batch;
    m_ended.reserve(records.size()); // it will be about as many again
    for (const uint64_t key : std::exchange(m_noted, {})) {
        const auto live = m_live.find(key);
        if (live == m_live.end())
            continue; // it ended
        live->second.noted = false;
        records.push_back(live->second.exchange.record());
    }
    const auto older = [](const Record& a, const Record& b) { return a.id < b.id; };
    if (!std::is_sorted(records.begin(), records.end(), older))
        std::sort(records.begin(), records.end(), older);
    if (records.size() > BatchLimit)
        records.erase(records.begin(), records.end() - ptrdiff_t(BatchLimit));
    m_reported = std::move(batch);
    emit changed(m_reported);
}

// The first at once, then one line for all of the next while.
void History::warnOfMissed()
{
    m_missed += m_recorder ? m_recorder->takeMissed() : 0;
    if (m_missed == 0)
        return;
    const TimePoint now = m_now();
    if (m_lastWarning && now - *m_lastWarning < WarnEach)
        return;
    m_lastWarning = now;
    m_log.warning("requests passed faster than they can be recorded",
                  {{"missed", std::exchange(m_missed, 0)}});
}

bool History::roomFor(uint64_t bytes)
{
    if (m_bodyBytes + bytes > m_settings.bodyBudget)
        evictBodies();
    if (m_bodyBytes + bytes > m_settings.bodyBudget)
        return false; // all of it belongs to what is still going on
    m_bodyBytes += bytes;
    return true;
}

// An eighth more than must go, so that it is not done for each piece.
void History::evictBodies()
{
    const uint64_t aim = m_settings.bodyBudget - m_settings.bodyBudget / 8;
    if (m_database && m_bodyBytes > aim && !isWaiting())
        removeFiles(m_database->forgetBodies(m_bodyBytes - aim));
}

void History::removeFiles(const std::vector<Database::KeptBodies>& bodies)
{
    for (const Database::KeptBodies& one : bodies) {
        if (one.inFile)
            m_files.remove(one.id);
        m_bodyBytes -= std::min(m_bodyBytes, one.bytes);
    }
}

// A bit more than must go, so that blocks go as a whole.
void History::evict()
{
    if (m_bodyBytes > m_settings.bodyBudget)
        evictBodies();
    if (m_rows <= m_settings.rows)
        return;
    const uint64_t over = m_rows - m_settings.rows;
    const Database::Removed removed = m_database->removeOldest(over, over + m_settings.rows / 64);
    m_rows -= std::min(m_rows, removed.count);
    removeFiles(removed.bodies);
    if (removed.count > 0)
        emit this->removed(removed.last);
}

void History::setSettings(CaptureSettings settings)
{
    settings.folder = m_settings.folder;
    settings.keepHistory = m_settings.keepHistory;
    m_settings = std::move(settings);
    if (!m_database || isWaiting())
        return;
    m_database->begin();
    evict();
    commit(Database::Commit::All);
}

std::vector<Record> History::query(const Query& query)
{
    std::vector<Record> result;
    for (const auto& [key, live] : m_live) {
        const Record& record = live.exchange.record();
        if ((query.before == 0 || record.id < query.before) && query.filter.matches(record))
            result.push_back(record);
    }
    const auto newer = [](const Record& a, const Record& b) { return a.id > b.id; };
    std::sort(result.begin(), result.end(), newer);
    if (result.size() > query.limit)
        result.resize(query.limit);
    if (!m_database)
        return result;
    std::vector<Record> stored = m_database->query(query);
    std::vector<Record> both;
    both.reserve(result.size() + stored.size());
    std::merge(result.begin(), result.end(), stored.begin(), stored.end(), std::back_inserter(both),
               newer);
    if (both.size() > query.limit)
        both.resize(query.limit);
    return both;
}

std::optional<CapturedExchange> History::find(RecordId id)
{
    if (const LiveExchange* live = findLive(id))
        return live->captured();
    return m_database ? m_database->find(id) : std::nullopt;
}

// Seldom asked, and few are going on.
const LiveExchange* History::findLive(RecordId id) const
{
    for (const auto& [key, live] : m_live)
        if (live.exchange.record().id == id)
            return &live.exchange;
    return nullptr;
}

std::string History::readBody(const CapturedExchange& exchange, Side side, uint64_t limit)
{
    const KeptBody& body = exchange.body(side);
    if (body.inFile)
        return m_files.read(exchange.record.id, side, limit);
    return body.bytes.substr(0, size_t(std::min<uint64_t>(limit, body.bytes.size())));
}

RecordId History::idOf(uint64_t key)
{
    drain();
    const auto found = m_replays.find(key);
    return found == m_replays.end() ? 0 : found->second;
}

bool History::clear()
{
    // What goes first makes room for the rest of it.
    m_files.removeUnless([this](RecordId id) { return findLive(id) != nullptr; });
    if (isWaiting())
        tryAgain();
    if (m_database && !m_database->removeAll() && !removeDatabase())
        return false;
    m_rows = 0;
    m_bodyBytes = 0; // what is going on is counted from now on
    m_ended.clear();
    emit removed(m_ids.next() - 1);
    return true;
}

} // namespace sallyport::inspect
