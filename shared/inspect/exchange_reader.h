// Reads the HTTP/1.x exchanges in both directions of one connection: bytes and the time in, events
// out. Knows keep-alive, pipelining, interim answers, HEAD and upgrades; a WebSocket's messages are
// read on. What can't be read becomes a connection of which only bytes are counted.
//
// It judges nothing and changes nothing. Bounded: one unfinished head each way, MaxOpen exchanges,
// and `bodyLimit` bytes of each body in the events; of an event stream all of them.
//
//     reader.fromVisitor(bytes, now);
//     for (const ExchangeEvent& event : reader.events()) ...
//     reader.clearEvents();
//
// A head that is byte for byte that of the exchange before is not read anew.
//
// The events' texts live as long as both the bytes that were handed in and the events.
#pragma once

#include "exchange_event.h"
#include "known_head.h"
#include "websocket_reader.h"

#include <sallyport/base/bytes.h>
#include <sallyport/http/body_reader.h>
#include <sallyport/http/head_reader.h>

#include <forward_list>
#include <string>
#include <vector>

namespace sallyport::inspect {

class ExchangeReader
{
public:
    static constexpr size_t MaxOpen = 64;
    static constexpr size_t HeadLimit = 64 * 1024;
    static constexpr Duration ProgressEach = std::chrono::seconds(1);

    explicit ExchangeReader(uint64_t bodyLimit) : m_bodyLimit(bodyLimit) {}

    // Instead of HTTP: counts bytes from now on.
    void countOnly(TimePoint now, std::string note = {});
    void fromVisitor(ByteView bytes, TimePoint now);
    void fromUpstream(ByteView bytes, TimePoint now);
    // The connection is over, or was never made. `Done` ends what is complete, or ends with the
    // connection; the rest failed at the upstream.
    void ended(Outcome outcome, std::string_view error, TimePoint now);

    const std::vector<ExchangeEvent>& events() const { return m_events; }
    void clearEvents();
    // Nothing is going on.
    bool isIdle() const { return m_open.empty(); }

private:
    enum class Mode : uint8_t {
        Http,
        WebSocket,
        Count,  // the last one open gets the bytes
        Ignore, // the answer could not be read
    };
    struct Open
    {
        uint32_t index = 0;
        http::ResponseContext context;
        uint64_t requestBytes = 0;
        uint64_t responseBytes = 0;
        uint64_t responseLimit = 0;
        bool requestDone = false;
        bool responseDone = false;
        std::string trailers;
    };
    struct Direction
    {
        std::string partial; // a head that is not whole yet
        http::BodyReader body;
        bool inBody = false;
        WebSocketReader frames;
    };

    template <typename Step>
    void readHttp(Direction& direction, ByteView bytes, Step readHead, Side side);
    size_t readRequest(ByteView bytes);
    size_t readResponse(ByteView bytes);
    http::ReadStatus readResponseHead(ByteView bytes, const Open& open);
    size_t passBody(Direction& direction, ByteView bytes, Side side);
    void bodyBytes(Open& open, ByteView bytes, Side side);
    void readFrames(Direction& direction, ByteView bytes, Message::Direction from);
    void upgraded(Open& open, std::string_view protocol);
    void requestDone();
    void responseDone();
    void endComplete();
    void end(const Open& open, Outcome outcome, std::string_view error);
    void unreadable(std::string note);
    void progress();
    Open* answering();
    template <typename What>
    void emitEvent(uint32_t exchange, What what);
    std::string_view keep(std::string text);

    uint64_t m_bodyLimit;
    Mode m_mode = Mode::Http;
    http::RequestReader m_requests;
    http::ResponseReader m_responses;
    http::RequestHead m_requestHead;
    http::ResponseHead m_responseHead;
    KnownHead m_knownRequest;
    KnownHead m_knownResponse;
    http::Method m_knownMethod = http::Method::Other; // which the known response answers
    RecordKind m_knownKind = RecordKind::Http;        // what that one is
    Direction m_in;
    Direction m_out;
    bool m_upgrading = false; // asked for; what the visitor says meanwhile waits in m_in.partial
    std::vector<Open> m_open; // one, but where requests are pipelined
    uint32_t m_next = 0;
    uint32_t m_messages = 0;
    TimePoint m_now{};
    TimePoint m_lastProgress{};
    std::vector<ExchangeEvent> m_events;
    std::forward_list<std::string> m_kept; // texts of events that don't stand in what came
    std::vector<WebSocketReader::Found> m_found;
};

} // namespace sallyport::inspect
