#include "live_exchange.h"

#include "head_text.h"
#include "text.h"

#include <sallyport/base/overloaded.h>

#include <algorithm>
#include <utility>

namespace sallyport::inspect {

namespace {

std::string firstWord(std::string_view& text)
{
    const size_t blank = std::min(text.find(' '), text.size());
    std::string word(text.substr(0, blank));
    text.remove_prefix(std::min(blank + 1, text.size()));
    return word;
}

} // namespace

LiveExchange::LiveExchange(RecordId id, const ConnectionFacts& facts, const ExchangeEvent& event,
                           const Place& place)
    : m_begun(event.at)
{
    const auto& begun = std::get<Begun>(event.what);
    Record& record = m_captured.record;
    record.id = id;
    record.kind = begun.http ? RecordKind::Http : RecordKind::Connection;
    record.error = begun.note;
    record.tunnel = facts.tunnel;
    record.upstream = facts.upstream;
    record.visitor = facts.visitor;
    record.host = facts.host;
    record.tls = facts.tls;
    record.replayOf = facts.replayOf;
    record.edited = facts.edited;
    record.begun = facts.openedAt +
                   std::chrono::duration_cast<std::chrono::microseconds>(event.at - facts.opened);
    if (begun.http) {
        m_captured.requestHead = begun.head;
        readRequestHead(place.settings.redaction);
    }
    if (begun.requestDone)
        record.requestDone = std::chrono::microseconds(0);
}

void LiveExchange::readRequestHead(const Redaction& redaction)
{
    if (redaction.always)
        m_captured.requestHead = withoutSecrets(m_captured.requestHead, redaction);
    Record& record = m_captured.record;
    std::string_view line = startLine(m_captured.requestHead);
    record.method = firstWord(line);
    record.path = firstWord(line).substr(0, PathLimit);
    const std::string_view host = headerValue(m_captured.requestHead, "host");
    if (!host.empty())
        record.host = host;
}

std::chrono::microseconds LiveExchange::since(TimePoint at) const
{
    return std::chrono::duration_cast<std::chrono::microseconds>(at - m_begun);
}

void LiveExchange::apply(const ExchangeEvent& event, const Place& place)
{
    Record& record = m_captured.record;
    const TimePoint at = event.at;
    std::visit(Overloaded{
                   [](const Begun&) {},
                   [&](const RequestDone&) { record.requestDone = since(at); },
                   [&](const Progress& progress) {
                       record.requestBytes = progress.requestBytes;
                       record.responseBytes = progress.responseBytes;
                   },
                   [&](const Ended& ended) {
                       record.requestBytes = ended.requestBytes;
                       record.responseBytes = ended.responseBytes;
                       record.ended = since(at);
                       m_captured.trailers =
                           place.settings.redaction.always
                               ? withoutSecrets(ended.trailers, place.settings.redaction)
                               : std::string(ended.trailers);
                       finish(ended.outcome, ended.error);
                   },
                   [&](const auto& other) { take(other, at, place); },
               },
               event.what);
}

void LiveExchange::take(const Answered& answered, TimePoint at, const Place& place)
{
    Record& record = m_captured.record;
    record.status = answered.status;
    record.kind = answered.kind;
    record.answered = since(at);
    m_captured.responseHead = answered.head;
    record.contentType = mediaType(headerValue(m_captured.responseHead, "content-type"));
    if (record.kind == RecordKind::EventStream)
        expectEvents();
    if (place.settings.redaction.always)
        m_captured.responseHead = withoutSecrets(m_captured.responseHead, place.settings.redaction);
}

void LiveExchange::expectEvents()
{
    const std::string_view coding = headerValue(m_captured.responseHead, "content-encoding");
    if (!coding.empty())
        m_decoder = StreamDecoder::forCoding(coding);
    if (coding.empty() || m_decoder)
        m_events = std::make_unique<EventStreamReader>();
}

void LiveExchange::take(const BodyPiece& piece, TimePoint at, const Place& place)
{
    Record& record = m_captured.record;
    BodyState& state = m_bodies[size_t(piece.side)];
    (piece.side == Side::Request ? record.requestBytes : record.responseBytes) =
        piece.offset + piece.bytes.size();
    const bool gap = piece.offset != state.passed;
    if (piece.side == Side::Response && m_events)
        readEvents(piece.bytes, gap, at, place);
    if (gap)
        state.stopped = true; // a piece is missing
    state.passed += piece.bytes.size();
    if (state.stopped)
        return;
    if (place.settings.redaction.always && !state.planned)
        plan(piece.side, piece.bytes, place);
    if (state.stopped)
        return;
    // Counted is what passed, also where less of it is written.
    KeptBody& body = m_captured.body(piece.side);
    const uint64_t limit = std::min(place.settings.bodyLimit, place.settings.bodyBudget);
    const size_t taken =
        size_t(std::min<uint64_t>(piece.bytes.size(), limit - std::min(limit, body.kept)));
    const std::string_view bytes = piece.bytes.substr(0, taken);
    const bool written = state.redactor ? keepBody(piece.side, state.redactor->feed(bytes), place)
                                        : keepBody(piece.side, bytes, place);
    if (written)
        body.kept += taken;
    else
        state.stopped = true;
}

// Inside a content coding nothing can be read behind a gap.
void LiveExchange::readEvents(std::string_view bytes, bool gap, TimePoint at, const Place& place)
{
    std::vector<Message> found;
    bool goesOn = true;
    if (m_decoder)
        goesOn = !gap && m_decoder->feed(
                             bytes, [&](std::string_view plain) { m_events->read(plain, found); });
    else
        m_events->read(bytes, found);
    for (Message& message : found) {
        message.at = since(at);
        addMessage(std::move(message), place);
    }
    if (!goesOn)
        m_events.reset();
}

void LiveExchange::plan(Side side, std::string_view start, const Place& place)
{
    BodyState& state = m_bodies[size_t(side)];
    state.planned = true;
    const std::string& head =
        side == Side::Request ? m_captured.requestHead : m_captured.responseHead;
    RedactionPlan plan =
        planRedaction(headerValue(head, "content-type"), headerValue(head, "content-encoding"),
                      start, place.settings.redaction);
    state.redactor = std::move(plan.redactor);
    state.stopped = !plan.keep;
}

bool LiveExchange::keepBody(Side side, std::string_view bytes, const Place& place)
{
    if (bytes.empty())
        return true;
    if (!place.room(bytes.size()))
        return false;
    KeptBody& body = m_captured.body(side);
    if (!body.inFile && body.bytes.size() + bytes.size() <= CapturedExchange::InlineLimit) {
        body.bytes.append(bytes);
        return true;
    }
    const RecordId id = m_captured.record.id;
    const bool moved =
        body.inFile || body.bytes.empty() || place.files.append(id, side, body.bytes);
    if (moved && place.files.append(id, side, bytes)) {
        body.inFile = true;
        body.bytes.clear();
        return true;
    }
    if (moved && !body.inFile)
        place.files.remove(id, side); // what there is stays in memory
    place.noRoom(bytes.size());
    return false;
}

void LiveExchange::take(const MessageSeen& seen, TimePoint at, const Place& place)
{
    if (seen.number != m_nextMessage)
        for (auto& inflater : m_inflaters)
            if (inflater)
                inflater->giveUp();
    m_captured.record.messages += seen.number - m_nextMessage; // those that were missed
    m_nextMessage = seen.number + 1;
    Message message;
    message.at = since(at);
    message.direction = seen.direction;
    message.kind = seen.kind;
    message.data = seen.data;
    message.size = seen.size;
    if (seen.compressed && !inflate(message) && place.settings.redaction.always)
        message.data.clear(); // nobody can tell what is in it
    addMessage(std::move(message), place);
}

// What can't be undone is shown as the binary that it is.
bool LiveExchange::inflate(Message& message)
{
    auto& inflater = m_inflaters[size_t(message.direction)];
    if (!inflater)
        inflater = std::make_unique<MessageInflater>();
    if (message.data.size() < message.size)
        inflater->giveUp();
    uint64_t size = 0;
    auto plain = inflater->inflate(message.data, WebSocketDataLimit, size);
    if (!plain) {
        message.kind = Message::Kind::Binary;
        return false;
    }
    message.data = std::move(*plain);
    message.size = size;
    return true;
}

void LiveExchange::addMessage(Message message, const Place& place)
{
    if (place.settings.redaction.always)
        message.data = redactedJson(message.data, place.settings.redaction);
    ++m_captured.record.messages;
    m_messageBytes += message.data.size();
    m_captured.messages.push_back(std::move(message));
    while (m_captured.messages.size() > MessageLimit || m_messageBytes > MessageBytes) {
        m_messageBytes -= m_captured.messages.front().data.size();
        m_captured.messages.pop_front();
    }
}

void LiveExchange::finish(Outcome outcome, std::string_view error)
{
    m_captured.record.outcome = outcome;
    if (!error.empty())
        m_captured.record.error = error;
    m_events.reset();
    m_decoder.reset();
}

} // namespace sallyport::inspect
