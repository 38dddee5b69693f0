// An exchange that is still going on: puts the events together, keeps short bodies in memory and
// appends long ones to files, and takes secrets out before anything is kept where that is asked.
//
// Bounded: MessageLimit messages of at most MessageBytes together; bodies by what `room` grants.
// Threads: the writer's.
#pragma once

#include "body_files.h"
#include "capture_ring.h"
#include "captured_exchange.h"
#include "event_stream_reader.h"
#include "message_inflater.h"
#include "redactor.h"
#include "stream_decoder.h"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace sallyport::inspect {

class LiveExchange
{
public:
    static constexpr size_t MessageLimit = 1000;
    static constexpr size_t MessageBytes = 4 * 1024 * 1024;
    static constexpr size_t PathLimit = 2048;
    static constexpr size_t WebSocketDataLimit = 64 * 1024;

    struct Place
    {
        BodyFiles& files;
        const CaptureSettings& settings;
        // Whether so many bytes more may be kept; it counts them when they may.
        std::function<bool(uint64_t)> room;
        // So many of them could not be written after all.
        std::function<void(uint64_t)> noRoom;
    };

    LiveExchange(RecordId id, const ConnectionFacts& facts, const ExchangeEvent& begun,
                 const Place& place);

    void apply(const ExchangeEvent& event, const Place& place);
    bool isOver() const { return m_captured.record.outcome != Outcome::Pending; }
    const Record& record() const { return m_captured.record; }
    // At the end, when the rest has been written.
    Record takeRecord() { return std::move(m_captured.record); }
    const CapturedExchange& captured() const { return m_captured; }
    // Once, at the end.
    void finish(Outcome outcome, std::string_view error);

private:
    struct BodyState
    {
        uint64_t passed = 0; // of what came without a gap
        bool planned = false;
        bool stopped = false;
        std::unique_ptr<BodyRedactor> redactor;
    };

    void readRequestHead(const Redaction& redaction);
    void take(const Answered& answered, TimePoint at, const Place& place);
    void take(const BodyPiece& piece, TimePoint at, const Place& place);
    void take(const MessageSeen& seen, TimePoint at, const Place& place);
    bool keepBody(Side side, std::string_view bytes, const Place& place);
    void expectEvents();
    void readEvents(std::string_view bytes, bool gap, TimePoint at, const Place& place);
    void plan(Side side, std::string_view start, const Place& place);
    void addMessage(Message message, const Place& place);
    bool inflate(Message& message);
    std::chrono::microseconds since(TimePoint at) const;

    CapturedExchange m_captured;
    TimePoint m_begun;
    std::array<BodyState, 2> m_bodies;
    size_t m_messageBytes = 0;
    uint32_t m_nextMessage = 0;
    std::unique_ptr<EventStreamReader> m_events;
    std::unique_ptr<StreamDecoder> m_decoder; // of a coded event stream
    std::array<std::unique_ptr<MessageInflater>, 2> m_inflaters;
};

} // namespace sallyport::inspect
