#include "history.h"

#include <QDateTime>
#include <QDir>
#include <QFile>

#include <algorithm>

namespace sallyport::inspect {

namespace {
constexpr RecordId IdsAtOnce = 10'000;
constexpr size_t EventsAtOnce = 16 * 1024;
constexpr uint32_t BodiesAtOnce = 256;
constexpr size_t RememberedReplays = 64;
} // namespace

History::History(std::shared_ptr<CaptureRing> ring, CaptureSettings settings, observe::Log log)
    : m_ring(std::move(ring)),
      m_settings(std::move(settings)),
      m_log(std::move(log)),
      m_drainTimer(this)
{
    m_drainTimer.setSingleShot(true);
    connect(&m_drainTimer, &QTimer::timeout, this, &History::drain);
}

History::~History() = default;

void History::open()
{
    m_sinceReport.start();
    if (!m_settings.keepHistory || m_settings.folder.empty() || !openFolder(m_settings.folder))
        openTemporary();
    if (!m_database)
        return;
    m_next = m_reserved = std::max<RecordId>(1, m_database->reservedIds());
    m_rows = m_database->count();
    m_bodyBytes = m_database->bodyBytes();
    m_files.removeUnless([this](RecordId id) { return m_database->has(id); });
    evict();
}

bool History::openFolder(const std::string& folder)
{
    const QString path = QString::fromStdString(folder);
    if (!m_files.open(folder) || !m_files.open(folder + "/bodies")) {
        m_log.warning("the history's folder can't be used; traffic is kept for this session alone",
                      {{"folder", folder}});
        return false;
    }
    m_lock = std::make_unique<QLockFile>(path + "/lock");
    m_lock->setStaleLockTime(0);
    if (!m_lock->tryLock()) {
        m_lock.reset();
        m_log.warning("another program uses the history; traffic is kept for this session alone",
                      {{"folder", folder}});
        return false;
    }
    m_folder = folder;
    return openDatabase();
}

void History::openTemporary()
{
    m_lock.reset();
    m_temporary = std::make_unique<QTemporaryDir>(); // mode 0700
    m_folder = m_temporary->path().toStdString();
    if (!m_temporary->isValid() || !m_files.open(m_folder + "/bodies") || !openDatabase())
        m_log.error("traffic can't be kept: no temporary folder can be used");
}

bool History::openDatabase()
{
    for (int attempt = 0; attempt < 2; ++attempt) {
        m_database = std::make_unique<Database>();
        const auto opened = m_database->open(m_folder + "/history.db");
        if (opened)
            return true;
        m_database.reset();
        const auto& [error, why] = opened.error();
        if (error == Database::OpenError::Unwritable) {
            m_log.warning("the history can't be written", {{"folder", m_folder}, {"why", why}});
            return false;
        }
        m_log.warning("the history can't be used and is moved aside; a new one begins",
                      {{"folder", m_folder}, {"why", why}});
        setAside();
    }
    return false;
}

void History::setAside()
{
    const QDir folder(QString::fromStdString(m_folder));
    const QString name =
        "history-" + QDateTime::currentDateTimeUtc().toString("yyyyMMdd-hhmmss-zzz") + "-damaged";
    if (!folder.mkdir(name))
        return;
    QFile::setPermissions(folder.filePath(name),
                          QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    for (const char* one : {"history.db", "history.db-wal", "history.db-shm", "bodies"})
        QFile::rename(folder.filePath(QLatin1String(one)),
                      folder.filePath(name + '/' + QLatin1String(one)));
    m_files.open(m_folder + "/bodies");
}

void History::close()
{
    m_drainTimer.stop();
    while (m_ring->isOver(1))
        drain();
    if (m_database) {
        m_database->begin();
        for (auto& [key, live] : m_live) {
            live->finish(Outcome::Interrupted, "the program ended");
            store(key, *live);
        }
        m_database->reserveIds(m_next);
        m_database->commit();
    }
    m_live.clear();
    m_liveKeys.clear();
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
    if (m_database)
        m_database->begin();
    CaptureEvent event;
    size_t count = 0;
    while (count < EventsAtOnce && m_ring->pop(event)) {
        ++count;
        m_ring->released(payloadSize(event.event));
        apply(event);
    }
    if (m_database && count > 0)
        evict();
    if (m_database)
        m_database->commit();
    if (m_recorder && m_recorder->owes())
        emit owedWaits();
    if (const uint64_t missed = m_recorder ? m_recorder->takeMissed() : 0)
        m_log.warning("requests passed faster than they can be recorded", {{"missed", missed}});
    if (count == EventsAtOnce)
        m_drainTimer.start(0);
    else if (count > 0 || !m_changed.empty())
        m_drainTimer.start(DrainEach);
    report();
}

void History::apply(CaptureEvent& event)
{
    if (const auto* begun = std::get_if<Begun>(&event.event.what)) {
        (void)begun;
        auto live =
            std::make_unique<LiveExchange>(nextId(), *event.connection, event.event, place());
        const RecordId id = live->record().id;
        if (event.connection->replayOf != 0) {
            if (m_replays.size() >= RememberedReplays)
                m_replays.erase(m_replays.begin());
            m_replays[event.key] = id;
        }
        note(live->record());
        m_liveKeys[id] = event.key;
        m_live[event.key] = std::move(live);
        return;
    }
    const auto found = m_live.find(event.key);
    if (found == m_live.end())
        return;
    LiveExchange& live = *found->second;
    live.apply(event.event, place());
    note(live.record());
    if (!live.isOver())
        return;
    store(event.key, live);
    m_liveKeys.erase(live.record().id);
    m_live.erase(found);
}

void History::store(uint64_t, LiveExchange& live)
{
    if (!m_database)
        return;
    if (m_database->insert(live.captured())) {
        ++m_rows;
        m_bodiesFrom = std::min(m_bodiesFrom, live.record().id - 1);
    } else if (!std::exchange(m_writeProblem, true)) {
        m_log.error("the history can't be written; records are missing",
                    {{"folder", m_folder}, {"why", m_database->lastError()}});
    }
}

LiveExchange::Place History::place()
{
    return {m_files, m_settings, [this](uint64_t bytes) { return roomFor(bytes); }};
}

RecordId History::nextId()
{
    if (m_next >= m_reserved) {
        m_reserved = m_next + IdsAtOnce;
        if (m_database)
            m_database->reserveIds(m_reserved);
    }
    return m_next++;
}

void History::note(const Record& record)
{
    m_changed[record.id] = record;
    if (m_changed.size() > BatchLimit)
        m_changed.erase(m_changed.begin());
}

void History::report()
{
    if (m_changed.empty() || m_sinceReport.elapsed() < ReportEach)
        return;
    m_sinceReport.restart();
    std::vector<Record> records;
    records.reserve(m_changed.size());
    for (auto& [id, record] : m_changed)
        records.push_back(std::move(record));
    m_changed.clear();
    emit changed(records);
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
    if (!m_database)
        return;
    const uint64_t aim = m_settings.bodyBudget - m_settings.bodyBudget / 8;
    while (m_bodyBytes > aim) {
        const auto oldest = m_database->bodiesAfter(m_bodiesFrom, BodiesAtOnce);
        if (oldest.empty())
            return;
        for (const Database::KeptBodies& one : oldest) {
            m_files.remove(one.id);
            m_database->forgetBodies(one.id);
            m_bodyBytes -= std::min(m_bodyBytes, one.bytes);
            m_bodiesFrom = one.id;
            if (m_bodyBytes <= aim)
                return;
        }
    }
}

// A hundredth more than must go.
void History::evict()
{
    if (m_bodyBytes > m_settings.bodyBudget)
        evictBodies();
    if (m_rows <= m_settings.rows)
        return;
    const uint64_t left = m_settings.rows - m_settings.rows / 100;
    const RecordId last = m_database->surplus(left);
    if (last == 0)
        return;
    RecordId after = 0;
    for (auto bodies = m_database->bodiesAfter(0, BodiesAtOnce); !bodies.empty();
         bodies = m_database->bodiesAfter(after, BodiesAtOnce)) {
        for (const Database::KeptBodies& one : bodies) {
            after = one.id;
            if (one.id > last)
                break;
            m_files.remove(one.id);
            m_bodyBytes -= std::min(m_bodyBytes, one.bytes);
        }
        if (after > last)
            break;
    }
    m_database->removeUpTo(last);
    m_rows = std::min(m_rows, left);
    emit removed(last);
}

void History::setSettings(CaptureSettings settings)
{
    settings.folder = m_settings.folder;
    settings.keepHistory = m_settings.keepHistory;
    m_settings = std::move(settings);
    if (m_database)
        evict();
}

std::vector<Record> History::query(const Query& query)
{
    std::vector<Record> result;
    for (auto live = m_liveKeys.rbegin(); live != m_liveKeys.rend(); ++live) {
        const Record& record = m_live.at(live->second)->record();
        const bool wanted =
            (query.before == 0 || record.id < query.before) && query.filter.matches(record);
        if (wanted && result.size() < query.limit)
            result.push_back(record);
    }
    if (!m_database)
        return result;
    std::vector<Record> stored = m_database->query(query);
    std::vector<Record> both;
    both.reserve(result.size() + stored.size());
    std::merge(result.begin(), result.end(), stored.begin(), stored.end(), std::back_inserter(both),
               [](const Record& a, const Record& b) { return a.id > b.id; });
    if (both.size() > query.limit)
        both.resize(query.limit);
    return both;
}

std::optional<CapturedExchange> History::find(RecordId id)
{
    const auto live = m_liveKeys.find(id);
    if (live != m_liveKeys.end())
        return m_live.at(live->second)->captured();
    return m_database ? m_database->find(id) : std::nullopt;
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

void History::clear()
{
    if (m_database)
        m_database->removeAll();
    m_files.removeUnless([this](RecordId id) { return m_liveKeys.count(id) > 0; });
    m_rows = 0;
    m_bodyBytes = 0; // what is going on is counted from now on
    m_bodiesFrom = 0;
    m_changed.clear();
    emit removed(m_next - 1);
}

} // namespace sallyport::inspect
