#include "fake_traffic_source.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <chrono>
#include <utility>

namespace sallyport::gui::demo {

namespace {

using namespace std::chrono_literals;
using inspect::Record;
using inspect::RecordId;

constexpr auto Gone = "This request is no longer kept.";

} // namespace

FakeTrafficSource::FakeTrafficSource(const Scene& scene, std::vector<FakeRecords::Tunnel> tunnels,
                                     QObject* parent)
    : inspect::TrafficSource(parent),
      m_source(std::move(tunnels)),
      m_perTick(scene.requestsPerSecond * TickMs / 1'000),
      m_now(scene.now)
{
    const auto now = m_now();
    const size_t count = m_source.empty() ? 0 : std::min(scene.history, MaxRecords);
    for (size_t i = 0; i < count; ++i)
        append(m_source.next(now - 230ms * (count - i)));
    m_timer.setInterval(TickMs);
    connect(&m_timer, &QTimer::timeout, this, &FakeTrafficSource::tick);
    setMoving(true);
}

template <typename Value>
void FakeTrafficSource::answer(Done<Value> done, Result<Value, std::string> value)
{
    QMetaObject::invokeMethod(
        this, [done = std::move(done), value = std::move(value)] { done(value); },
        Qt::QueuedConnection);
}

void FakeTrafficSource::query(const inspect::Query& query, Done<std::vector<Record>> done)
{
    std::vector<Record> found;
    for (auto record = m_records.rbegin(); record != m_records.rend() && found.size() < query.limit;
         ++record)
        if ((query.before == 0 || record->id < query.before) && query.filter.matches(*record))
            found.push_back(*record);
    answer<std::vector<Record>>(std::move(done), std::move(found));
}

void FakeTrafficSource::exchange(RecordId id, Done<inspect::Exchange> done)
{
    const Record* record = find(id);
    if (record == nullptr)
        return answer<inspect::Exchange>(std::move(done), Failure(std::string(Gone)));
    answer<inspect::Exchange>(std::move(done), FakeRecords::exchangeOf(*record));
}

void FakeTrafficSource::body(RecordId id, inspect::Side side, Done<std::string> done)
{
    const Record* record = find(id);
    if (record == nullptr)
        return answer<std::string>(std::move(done), Failure(std::string(Gone)));
    answer<std::string>(std::move(done), m_bodies ? *m_bodies : FakeRecords::bodyOf(*record, side));
}

void FakeTrafficSource::replay(const inspect::ReplayRequest& request, Done<RecordId> done)
{
    const Record* original = find(request.original);
    if (original == nullptr)
        return answer<RecordId>(std::move(done), Failure(std::string(Gone)));
    Record again = *original;
    again.begun = m_now();
    again.replayOf = request.original;
    again.visitor.clear();
    again.edited = request.edited;
    if (m_answersLate) {
        again.outcome = inspect::Outcome::Pending;
        again.status = 0;
        again.answered.reset();
        again.ended.reset();
    }
    if (request.edited) {
        again.method = request.method;
        again.path = request.target;
    }
    const RecordId id = append(std::move(again));
    emit recordsChanged({m_records.back()});
    answer<RecordId>(std::move(done), id);
}

void FakeTrafficSource::stopReplay(RecordId answer)
{
    const Record* record = find(answer);
    if (record == nullptr || record->outcome != inspect::Outcome::Pending)
        return;
    Record& stopped = m_records[answer - m_records.front().id];
    stopped.outcome = inspect::Outcome::Interrupted;
    emit recordsChanged({stopped});
}

void FakeTrafficSource::exportRecords(const std::vector<RecordId>& ids,
                                      inspect::ExportFormat format, bool, Done<std::string> done)
{
    std::string text;
    QJsonArray entries;
    for (const RecordId id : ids) {
        const Record* record = find(id);
        if (record == nullptr)
            continue;
        const std::string url = "https://" + record->host + record->path;
        entries.append(QJsonObject{{"request", QJsonObject{{"url", QString::fromStdString(url)}}}});
        text += format == inspect::ExportFormat::Curl
                    ? "curl -X " + record->method + " '" + url + "'\n"
                    : record->method + " " + url + "\n";
    }
    if (entries.isEmpty())
        return answer<std::string>(std::move(done), Failure(std::string(Gone)));
    const QJsonObject log{{"version", "1.2"}, {"entries", entries}};
    if (format == inspect::ExportFormat::Har)
        text = QJsonDocument(QJsonObject{{"log", log}}).toJson().toStdString();
    answer<std::string>(std::move(done), std::move(text));
}

void FakeTrafficSource::clear(Done<bool> done)
{
    m_records.clear();
    emit recordsRemoved(m_next - 1);
    answer<bool>(std::move(done), true);
}

void FakeTrafficSource::setRecording(bool recording)
{
    if (recording == m_recording)
        return;
    m_recording = recording;
    emit recordingChanged();
}

void FakeTrafficSource::produce(size_t count)
{
    if (m_source.empty() || !m_recording)
        return;
    std::vector<Record> batch;
    batch.reserve(count);
    const RecordId before = m_records.empty() ? 0 : m_records.front().id;
    for (size_t i = 0; i < count; ++i) {
        append(m_source.next(m_now()));
        batch.push_back(m_records.back());
    }
    if (before != 0 && m_records.front().id > before)
        emit recordsRemoved(m_records.front().id - 1);
    emit recordsChanged(batch);
}

void FakeTrafficSource::setMoving(bool moving)
{
    if (moving && m_perTick > 0)
        m_timer.start();
    else
        m_timer.stop();
}

void FakeTrafficSource::tick()
{
    m_due += m_perTick;
    const auto count = size_t(m_due);
    m_due -= double(count);
    if (count > 0)
        produce(count);
}

const Record* FakeTrafficSource::find(RecordId id) const
{
    if (m_records.empty() || id < m_records.front().id || id > m_records.back().id)
        return nullptr;
    return &m_records[id - m_records.front().id];
}

RecordId FakeTrafficSource::append(Record record)
{
    record.id = m_next++;
    m_records.push_back(std::move(record));
    if (m_records.size() > MaxRecords)
        m_records.pop_front();
    return m_records.back().id;
}

} // namespace sallyport::gui::demo
