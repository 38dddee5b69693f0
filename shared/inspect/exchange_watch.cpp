#include "exchange_watch.h"

#include <algorithm>
#include <utility>

namespace sallyport::inspect {

namespace {

// Whether these bytes look like the begin of a request.
bool beginsRequest(ByteView bytes)
{
    const std::string_view text = asText(bytes);
    const std::string_view line = text.substr(0, text.find("\r\n"));
    return line.size() < text.size() && line.size() > 13 && line.front() >= 'A' &&
           line.front() <= 'Z' && line.substr(line.size() - 9, 8) == " HTTP/1.";
}

} // namespace

ExchangeWatch::ExchangeWatch(std::shared_ptr<Recorder> recorder, uint64_t number,
                             std::shared_ptr<const ConnectionFacts> facts, bool http)
    : m_recorder(std::move(recorder)), m_number(number), m_facts(std::move(facts)), m_http(http)
{
    if (!m_recorder->isRecording())
        return;
    m_reader.emplace(m_recorder->bodyLimit());
    if (!m_http) {
        m_reader->countOnly(m_facts->opened);
        hand();
    }
}

// Follows the switch.
bool ExchangeWatch::isActive()
{
    if (m_reader && !m_recorder->isRecording()) {
        m_reader->ended(Outcome::Interrupted, "recording was switched off", Clock::now());
        hand();
        m_reader.reset();
        m_indexBase = m_indexes;
    }
    return m_reader.has_value();
}

void ExchangeWatch::join(ByteView bytes)
{
    if (!m_http || !m_recorder->isRecording() || !beginsRequest(bytes))
        return;
    m_reader.emplace(m_recorder->bodyLimit());
}

void ExchangeWatch::bytesToSocket(ByteView bytes)
{
    if (!isActive())
        join(bytes);
    if (!m_reader)
        return;
    m_reader->fromVisitor(bytes, Clock::now());
    hand();
}

void ExchangeWatch::bytesFromSocket(ByteView bytes)
{
    if (!isActive())
        return;
    m_reader->fromUpstream(bytes, Clock::now());
    hand();
}

void ExchangeWatch::upstreamFailed(net::UpstreamFault fault, std::string_view sentence)
{
    if (!isActive())
        return;
    Outcome outcome = Outcome::UpstreamFailed;
    if (fault == net::UpstreamFault::Refused)
        outcome = Outcome::UpstreamRefused;
    else if (fault == net::UpstreamFault::Timeout)
        outcome = Outcome::UpstreamTimeout;
    if (m_reader->isIdle())
        m_reader->countOnly(Clock::now());
    m_reader->ended(outcome, sentence, Clock::now());
    hand();
}

void ExchangeWatch::ended(net::WatchEnd end)
{
    if (!isActive())
        return;
    switch (end) {
    case net::WatchEnd::Clean:
        m_reader->ended(Outcome::Done, {}, Clock::now());
        break;
    case net::WatchEnd::UpstreamFailed:
        m_reader->ended(Outcome::UpstreamFailed, "the upstream broke the connection", Clock::now());
        break;
    case net::WatchEnd::VisitorLeft:
        m_reader->ended(Outcome::VisitorLeft, {}, Clock::now());
        break;
    case net::WatchEnd::Interrupted:
        m_reader->ended(Outcome::Interrupted, "the link to the relay ended", Clock::now());
        break;
    case net::WatchEnd::Stopped:
        m_reader->ended(Outcome::Interrupted, "it was stopped", Clock::now());
        break;
    }
    hand();
}

void ExchangeWatch::hand()
{
    for (const ExchangeEvent& found : m_reader->events()) {
        const bool begins = std::holds_alternative<Begun>(found.what);
        const bool ends = std::holds_alternative<Ended>(found.what);
        const uint32_t index = m_indexBase + found.exchange;
        m_indexes = std::max(m_indexes, index + 1);
        const auto missed = std::find(m_missed.begin(), m_missed.end(), index);
        if (missed != m_missed.end()) {
            if (ends)
                m_missed.erase(missed);
            continue;
        }
        CaptureEvent event;
        event.key = (m_number << 32) + index;
        if (begins)
            event.connection = m_facts;
        event.event = found;
        if (!m_recorder->push(event) && begins)
            m_missed.push_back(index);
    }
    m_reader->clearEvents();
}

} // namespace sallyport::inspect
