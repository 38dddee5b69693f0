#include "exchange_reader.h"

#include <algorithm>
#include <utility>

namespace sallyport::inspect {

namespace {

constexpr char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

bool startsWith(std::string_view text, std::string_view lowerCase)
{
    return text.size() >= lowerCase.size() &&
           std::equal(lowerCase.begin(), lowerCase.end(), text.begin(),
                      [](char a, char b) { return a == lower(b); });
}

} // namespace

template <typename What>
void ExchangeReader::emitEvent(uint32_t exchange, What what)
{
    m_events.push_back({exchange, m_now, std::move(what)});
}

std::string_view ExchangeReader::keep(std::string text)
{
    return text.empty() ? std::string_view() : m_kept.emplace_front(std::move(text));
}

void ExchangeReader::clearEvents()
{
    m_events.clear();
    m_kept.clear();
}

void ExchangeReader::countOnly(TimePoint now, std::string note)
{
    m_now = now;
    unreadable(std::move(note));
}

void ExchangeReader::fromVisitor(ByteView bytes, TimePoint now)
{
    m_now = now;
    if (m_mode == Mode::Http)
        readHttp(
            m_in, bytes, [this](ByteView head) { return readRequest(head); }, Side::Request);
    else if (m_mode == Mode::WebSocket)
        readFrames(m_in, bytes, Message::Direction::FromVisitor);
    else if (m_mode == Mode::Count && !m_open.empty())
        m_open.back().requestBytes += bytes.size();
    progress();
}

void ExchangeReader::fromUpstream(ByteView bytes, TimePoint now)
{
    m_now = now;
    if (m_mode == Mode::Http)
        readHttp(
            m_out, bytes, [this](ByteView head) { return readResponse(head); }, Side::Response);
    else if (m_mode == Mode::WebSocket)
        readFrames(m_out, bytes, Message::Direction::ToVisitor);
    else if (m_mode == Mode::Count && !m_open.empty())
        m_open.back().responseBytes += bytes.size();
    progress();
}

// `readHead` returns the size of a whole head, or 0 when there is none yet. Heads and bodies
// alternate; a mode that changes under way takes the rest.
template <typename Step>
void ExchangeReader::readHttp(Direction& direction, ByteView bytes, Step readHead, Side side)
{
    while (!bytes.empty()) {
        if (m_mode != Mode::Http) {
            if (side == Side::Request)
                return fromVisitor(bytes, m_now);
            return fromUpstream(bytes, m_now);
        }
        if (direction.inBody) {
            bytes = bytes.subspan(passBody(direction, bytes, side));
            continue;
        }
        if (side == Side::Request && m_upgrading) {
            if (direction.partial.size() + bytes.size() > HeadLimit)
                return unreadable("more was sent than an upgrade may wait for");
            direction.partial.append(asText(bytes));
            return;
        }
        const size_t before = direction.partial.size();
        size_t used = 0;
        if (before == 0) {
            used = readHead(bytes);
        } else {
            direction.partial.append(asText(bytes));
            used = readHead(asBytes(keep(std::exchange(direction.partial, {}))));
        }
        if (used == 0) {
            if (m_mode == Mode::Http && before == 0)
                direction.partial = asText(bytes);
            else if (m_mode == Mode::Http)
                direction.partial = std::move(m_kept.front());
            if (m_mode == Mode::Count && !m_open.empty())
                (side == Side::Request ? m_open.back().requestBytes
                                       : m_open.back().responseBytes) += before + bytes.size();
            return;
        }
        bytes = bytes.subspan(used - before);
    }
}

size_t ExchangeReader::readRequest(ByteView bytes)
{
    http::RequestHead& head = m_requestHead;
    const bool known = m_knownRequest.begins(asText(bytes));
    const http::ReadStatus status =
        known ? http::ReadStatus::Complete : m_requests.read(bytes, head);
    if (status == http::ReadStatus::NeedMore)
        return 0;
    if (status == http::ReadStatus::Error) {
        unreadable("not HTTP/1.1: " + std::string(http::describe(m_requests.error()).sentence));
        return 0;
    }
    if (m_open.size() == MaxOpen) {
        unreadable("more requests wait for an answer than are followed");
        return 0;
    }
    m_requests.reset();
    if (!known)
        m_knownRequest.remember(asText(bytes.first(head.size)), !head.upgrade);
    if (m_open.empty())
        m_lastProgress = m_now;
    Open open;
    open.index = m_next++;
    open.context = {head.method, head.upgrade};
    m_open.push_back(std::move(open));
    m_in.body = http::BodyReader(head.body);
    m_in.inBody = !m_in.body.complete();
    Begun begun;
    begun.head = asText(bytes.first(head.size));
    begun.requestDone = !m_in.inBody;
    m_upgrading = head.upgrade;
    m_open.back().requestDone = !m_in.inBody;
    emitEvent(m_open.back().index, begun);
    return head.size;
}

ExchangeReader::Open* ExchangeReader::answering()
{
    for (Open& open : m_open)
        if (!open.responseDone)
            return &open;
    return nullptr;
}

size_t ExchangeReader::readResponse(ByteView bytes)
{
    Open* open = answering();
    if (!open) {
        m_mode = Mode::Ignore; // an answer to nothing
        return 0;
    }
    http::ResponseHead& head = m_responseHead;
    const http::ReadStatus status = readResponseHead(bytes, *open);
    if (status == http::ReadStatus::NeedMore)
        return 0;
    if (status == http::ReadStatus::Error) {
        ended(Outcome::UpstreamFailed,
              "the answer can't be read: " +
                  std::string(http::describe(m_responses.error()).sentence),
              m_now);
        return 0;
    }
    m_responses.reset();
    if (head.interim())
        return head.size;
    const RecordKind kind = m_knownKind;
    open->responseLimit = kind == RecordKind::EventStream ? UINT64_MAX : m_bodyLimit;
    const bool switches = head.status == 101;
    emitEvent(open->index, Answered{head.status, kind, asText(bytes.first(head.size))});
    if (switches) {
        upgraded(*open, head.upgradeProtocol);
        return head.size;
    }
    m_out.body = http::BodyReader(head.body);
    open->trailers.clear();
    m_out.body.keepTrailers(open->trailers);
    m_out.inBody = !m_out.body.complete();
    if (!m_out.inBody)
        responseDone();
    // An upgrade that was declined: what waited is HTTP.
    if (std::exchange(m_upgrading, false) && !m_in.partial.empty()) {
        const size_t size = head.size;
        fromVisitor(asBytes(keep(std::exchange(m_in.partial, {}))), m_now);
        return size;
    }
    return head.size;
}

http::ReadStatus ExchangeReader::readResponseHead(ByteView bytes, const Open& open)
{
    if (m_knownMethod == open.context.method && m_knownResponse.begins(asText(bytes)))
        return http::ReadStatus::Complete;
    http::ResponseHead& head = m_responseHead;
    const http::ReadStatus status = m_responses.read(bytes, open.context, head);
    if (status != http::ReadStatus::Complete)
        return status;
    m_knownResponse.remember(asText(bytes.first(head.size)),
                             head.status >= 200 && !open.context.upgradeRequested);
    m_knownMethod = open.context.method;
    m_knownKind = RecordKind::Http;
    if (startsWith(head.value("content-type"), "text/event-stream"))
        m_knownKind = RecordKind::EventStream;
    if (head.status == 101 && startsWith(head.upgradeProtocol, "websocket"))
        m_knownKind = RecordKind::WebSocket;
    return status;
}

void ExchangeReader::upgraded(Open& open, std::string_view protocol)
{
    open.requestDone = true;
    m_mode = startsWith(protocol, "websocket") ? Mode::WebSocket : Mode::Count;
    m_upgrading = false;
    if (!m_in.partial.empty())
        fromVisitor(asBytes(keep(std::exchange(m_in.partial, {}))), m_now);
}

size_t ExchangeReader::passBody(Direction& direction, ByteView bytes, Side side)
{
    Open* open = side == Side::Request ? &m_open.back() : answering();
    const size_t used = direction.body.decode(
        bytes, [this, open, side](ByteView data) { bodyBytes(*open, data, side); });
    if (direction.body.failed()) {
        const std::string why(http::describe(direction.body.error()));
        ended(side == Side::Request ? Outcome::VisitorLeft : Outcome::UpstreamFailed,
              "the body can't be read: " + why, m_now);
        return bytes.size();
    }
    if (direction.body.complete()) {
        direction.inBody = false;
        if (side == Side::Request)
            requestDone();
        else
            responseDone();
    }
    return used;
}

void ExchangeReader::bodyBytes(Open& open, ByteView bytes, Side side)
{
    uint64_t& size = side == Side::Request ? open.requestBytes : open.responseBytes;
    const uint64_t limit = side == Side::Request ? m_bodyLimit : open.responseLimit;
    const uint64_t room = size < limit ? limit - size : 0;
    size += bytes.size();
    if (room == 0)
        return;
    const ByteView kept = bytes.first(size_t(std::min<uint64_t>(room, bytes.size())));
    emitEvent(open.index, BodyPiece{side, size - bytes.size(), asText(kept)});
}

void ExchangeReader::readFrames(Direction& direction, ByteView bytes, Message::Direction from)
{
    if (m_open.empty())
        return;
    Open& open = m_open.front();
    (from == Message::Direction::FromVisitor ? open.requestBytes : open.responseBytes) +=
        bytes.size();
    direction.frames.read(bytes, m_found);
    for (WebSocketReader::Found& found : m_found) {
        MessageSeen seen;
        seen.compressed = found.compressed;
        seen.number = m_messages++;
        seen.direction = from;
        seen.kind = found.kind;
        seen.data = keep(std::move(found.data));
        seen.size = found.size;
        emitEvent(open.index, seen);
    }
    m_found.clear();
}

void ExchangeReader::requestDone()
{
    Open& open = m_open.back();
    open.requestDone = true;
    emitEvent(open.index, RequestDone{});
    endComplete();
}

void ExchangeReader::responseDone()
{
    answering()->responseDone = true;
    endComplete();
}

void ExchangeReader::endComplete()
{
    while (!m_open.empty() && m_open.front().requestDone && m_open.front().responseDone) {
        end(m_open.front(), Outcome::Done, {});
        m_open.erase(m_open.begin());
    }
}

void ExchangeReader::end(const Open& open, Outcome outcome, std::string_view error)
{
    emitEvent(open.index, Ended{outcome, open.requestBytes, open.responseBytes,
                                keep(std::string(error)), keep(open.trailers)});
}

void ExchangeReader::ended(Outcome outcome, std::string_view error, TimePoint now)
{
    m_now = now;
    const bool untilClose = m_out.inBody && outcome == Outcome::Done && [this] {
        m_out.body.endOfInput();
        return m_out.body.complete();
    }();
    const Open* current = answering();
    for (const Open& open : m_open) {
        const bool whole = open.responseDone || m_mode == Mode::WebSocket ||
                           m_mode == Mode::Count || (untilClose && &open == current);
        if (outcome == Outcome::Done && !whole)
            end(open, Outcome::UpstreamFailed,
                "the upstream closed the connection before its answer was complete");
        else
            end(open, open.responseDone ? Outcome::Done : outcome, error);
    }
    m_open.clear();
    m_mode = Mode::Ignore;
    m_in.inBody = m_out.inBody = false;
}

// From now on only bytes are counted, for a record of their own.
void ExchangeReader::unreadable(std::string note)
{
    m_mode = Mode::Count;
    m_in.inBody = m_out.inBody = false;
    Open open;
    open.index = m_next++;
    m_lastProgress = m_now;
    m_open.push_back(std::move(open));
    emitEvent(m_open.back().index, Begun{false, {}, keep(std::move(note)), false});
}

void ExchangeReader::progress()
{
    if (m_open.empty() || m_now - m_lastProgress < ProgressEach)
        return;
    m_lastProgress = m_now;
    for (const Open& open : m_open)
        emitEvent(open.index, Progress{open.requestBytes, open.responseBytes});
}

} // namespace sallyport::inspect
