#include "replay_model.h"

#include "background.h"
#include "body_model.h"
#include "traffic_text.h"

#include <sallyport/inspect/decode.h>
#include <sallyport/inspect/redacted.h>

#include <QPointer>

#include <algorithm>
#include <memory>

namespace sallyport::gui {

namespace {

using inspect::RecordId;
using inspect::Side;

inspect::Exchange hidden(inspect::Exchange exchange, const inspect::Redaction& redaction)
{
    for (auto& header : exchange.responseHeaders) {
        header.secret |= redaction.hidesHeader(header.name);
        if (!header.secret)
            header.value = inspect::redactedQuery(header.value, redaction);
    }
    return exchange;
}

} // namespace

void ReplayModel::setSession(Session* session)
{
    if (session == m_session || session == nullptr)
        return;
    m_session = session;
    m_source = &session->control().traffic();
    connect(m_source, &inspect::TrafficSource::recordsChanged, this, &ReplayModel::follow);
    emit sessionChanged();
}

inspect::Redaction ReplayModel::redaction() const
{
    return m_session->settings()->captureSettings().redaction;
}

void ReplayModel::close()
{
    ++m_generation;
    if (m_busy && m_answer != 0)
        m_source->stopReplay(m_answer);
    m_parts = {};
    m_headDiff.setLines({});
    m_bodyDiff.setLines({});
    m_answer = 0;
    m_busy = m_comparing = m_ready = m_cut = false;
    emit changed();
}

void ReplayModel::edit(double id)
{
    close();
    m_source->exchange(
        RecordId(id), [self = QPointer<ReplayModel>(this), generation = m_generation](
                          const Result<inspect::Exchange, std::string>& found) {
            if (!self || generation != self->m_generation)
                return;
            if (!found)
                return self->fail(found.error());
            self->m_source->body(found->record.id, Side::Request,
                                 [self, generation, original = found.value()](
                                     const Result<std::string, std::string>& body) {
                                     if (!self || generation != self->m_generation)
                                         return;
                                     if (!body)
                                         return self->fail(body.error());
                                     self->m_draft.begin(original, body.value(), self->redaction());
                                     emit self->draftReady();
                                 });
        });
}

void ReplayModel::send(double id)
{
    inspect::ReplayRequest request;
    request.original = RecordId(id);
    replay(request);
}

void ReplayModel::sendDraft()
{
    const auto request = m_draft.request();
    if (request)
        replay(request.value());
}

void ReplayModel::replay(const inspect::ReplayRequest& request)
{
    if (m_busy || request.original == 0)
        return;
    close();
    m_busy = true;
    emit changed();
    fetch(0, request.original);
    m_source->replay(request, [self = QPointer<ReplayModel>(this), generation = m_generation](
                                  const Result<RecordId, std::string>& answer) {
        if (self && answer && generation != self->m_generation)
            self->m_source->stopReplay(answer.value()); // it was closed meanwhile
        if (!self || generation != self->m_generation)
            return;
        if (!answer)
            return self->fail(answer.error());
        self->m_answer = answer.value();
        emit self->sent(double(self->m_answer));
        self->fetchAnswer();
    });
}

void ReplayModel::follow(const std::vector<inspect::Record>& records)
{
    if (!m_busy || m_comparing || m_answer == 0)
        return;
    const bool ended = std::any_of(records.begin(), records.end(), [this](const auto& record) {
        return record.id == m_answer && record.outcome != inspect::Outcome::Pending;
    });
    if (ended)
        fetchAnswer();
}

void ReplayModel::fetchAnswer()
{
    fetch(1, m_answer);
}

void ReplayModel::fetch(size_t part, RecordId id)
{
    m_source->exchange(id, [self = QPointer<ReplayModel>(this), generation = m_generation, part,
                            id](const Result<inspect::Exchange, std::string>& found) {
        if (!self || generation != self->m_generation || !self->isWaiting())
            return;
        if (!found)
            return self->fail(found.error());
        self->m_parts[part].exchange = found.value();
        const auto& record = found->record;
        const bool stream = record.kind != inspect::RecordKind::Http && record.status != 0;
        // A stream may never end; its head is what can be compared.
        if (record.outcome != inspect::Outcome::Pending || stream || part == 0)
            self->fetchBody(part, id);
    });
}

void ReplayModel::fetchBody(size_t part, RecordId id)
{
    m_source->body(id, Side::Response,
                   [self = QPointer<ReplayModel>(this), generation = m_generation,
                    part](const Result<std::string, std::string>& body) {
                       if (!self || generation != self->m_generation || !self->isWaiting())
                           return;
                       self->m_parts[part].body = body ? body.value() : std::string();
                       self->m_parts[part].ready = true;
                       self->compare();
                   });
}

// Any thread.
ReplayModel::Differences ReplayModel::differences(const std::array<Part, 2>& parts,
                                                  const inspect::Redaction& redaction)
{
    Differences found;
    std::array<std::string, 2> texts;
    for (size_t i = 0; i < 2; ++i) {
        const auto& headers = parts[i].exchange.responseHeaders;
        auto decoded = inspect::decodeContent(BodyModel::headerValue(headers, "content-encoding"),
                                              parts[i].body);
        found.cut |= decoded.cut || decoded.bytes.size() > CompareLimit;
        decoded.bytes.resize(std::min(decoded.bytes.size(), CompareLimit));
        texts[i] = inspect::prettyBody(BodyModel::headerValue(headers, "content-type"),
                                       decoded.bytes, redaction)
                       .text;
    }
    found.head = inspect::diffHeads(hidden(parts[0].exchange, redaction),
                                    hidden(parts[1].exchange, redaction), Side::Response);
    found.body = inspect::diffLines(texts[0], texts[1]);
    return found;
}

void ReplayModel::compare()
{
    if (!m_parts[0].ready || !m_parts[1].ready)
        return;
    m_comparing = true;
    auto parts = std::make_shared<std::array<Part, 2>>(m_parts);
    for (size_t i = 0; i < 2; ++i)
        m_parts[i].body = {};
    inBackground(
        this, [parts, hides = redaction()] { return differences(*parts, hides); },
        [this, generation = m_generation](Differences found) {
            if (generation != m_generation)
                return;
            m_headDiff.setLines(std::move(found.head));
            m_bodyDiff.setLines(std::move(found.body));
            m_cut = found.cut;
            m_part = m_headDiff.differences() > 0 && m_bodyDiff.differences() == 0 ? 0 : 1;
            m_busy = m_comparing = false;
            m_ready = true;
            emit changed();
        });
}

QString ReplayModel::told(const Part& part)
{
    const auto& record = part.exchange.record;
    if (!part.ready)
        return {};
    if (record.status == 0)
        return TrafficText::outcome(record.outcome);
    if (!record.answered)
        return QString::number(record.status);
    return tr("%1 in %2").arg(record.status).arg(TrafficText::duration(*record.answered));
}

void ReplayModel::fail(const std::string& why)
{
    m_busy = false;
    m_session->say(TrafficText::from(why), Session::ToastKind::Bad);
    emit changed();
}

} // namespace sallyport::gui
