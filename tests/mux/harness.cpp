#include "harness.h"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <variant>

namespace sallyport::mux {

Frame data(StreamId id, std::string body, uint16_t flags)
{
    const auto length = static_cast<uint32_t>(body.size());
    return {{FrameType::Data, flags, id, length}, std::move(body)};
}

Frame windowUpdate(StreamId id, uint32_t delta, uint16_t flags)
{
    return {{FrameType::WindowUpdate, flags, id, delta}, {}};
}

Frame pingFrame(uint32_t id, uint16_t flags)
{
    return {{FrameType::Ping, flags, 0, id}, {}};
}

Frame goAwayFrame(uint32_t code)
{
    return {{FrameType::GoAway, 0, 0, code}, {}};
}

std::string toBytes(const std::vector<Frame>& frames)
{
    std::string bytes;
    for (const Frame& frame : frames) {
        std::byte header[HeaderSize];
        encode(frame.header, header);
        bytes.append(asText(header));
        bytes.append(frame.body);
    }
    return bytes;
}

std::vector<Frame> toFrames(std::string_view bytes)
{
    std::vector<Frame> frames;
    while (!bytes.empty()) {
        const auto header = bytes.size() < HeaderSize
                                ? Result<FrameHeader, SessionError>(Failure(SessionError::BadType))
                                : decode(asBytes(bytes).data());
        if (!header)
            std::abort(); // the session sent something that is no frame
        Frame frame{*header, {}};
        bytes.remove_prefix(HeaderSize);
        if (frame.header.type == FrameType::Data) {
            if (bytes.size() < frame.header.length)
                std::abort();
            frame.body = bytes.substr(0, frame.header.length);
            bytes.remove_prefix(frame.header.length);
        }
        frames.push_back(std::move(frame));
    }
    return frames;
}

namespace {

std::string abbreviated(std::string_view text)
{
    return text.size() <= 24 ? std::string(text) : std::to_string(text.size()) + " bytes";
}

std::string flagNames(uint16_t flags)
{
    std::string names;
    const std::pair<uint16_t, const char*> all[] = {
        {flag::Syn, "SYN"}, {flag::Ack, "ACK"}, {flag::Fin, "FIN"}, {flag::Rst, "RST"}};
    for (const auto& [bit, name] : all)
        if (flags & bit)
            names += (names.empty() ? "" : "|") + std::string(name);
    return names.empty() ? "-" : names;
}

struct EventText
{
    static std::string of(const char* name, StreamId id, std::string_view more = {})
    {
        std::string text = std::string(name) + " " + std::to_string(id);
        if (!more.empty())
            text += " " + std::string(more);
        return text;
    }
    std::string operator()(const StreamOpened& e) { return of("StreamOpened", e.id); }
    std::string operator()(const StreamAccepted& e) { return of("StreamAccepted", e.id); }
    std::string operator()(const Data& e) { return of("Data", e.id, abbreviated(asText(e.bytes))); }
    std::string operator()(const StreamFinished& e) { return of("StreamFinished", e.id); }
    std::string operator()(const StreamReset& e)
    {
        return of("StreamReset", e.id, toString(e.reason));
    }
    std::string operator()(const StreamClosed& e) { return of("StreamClosed", e.id); }
    std::string operator()(const StreamWritable& e) { return of("StreamWritable", e.id); }
    std::string operator()(const PingAnswered& e)
    {
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(e.roundTrip);
        return "PingAnswered " + std::to_string(ms.count()) + " ms";
    }
    std::string operator()(const GoAwayReceived&) { return "GoAwayReceived"; }
    std::string operator()(const SessionFailed& e)
    {
        return std::string("SessionFailed: ") + toString(e.error);
    }
};

} // namespace

std::string toText(const Frame& frame)
{
    const char* names[] = {"Data", "WindowUpdate", "Ping", "GoAway"};
    std::string text = std::string(names[static_cast<int>(frame.header.type)]) + " " +
                       std::to_string(frame.header.streamId) + " " + flagNames(frame.header.flags) +
                       " " + std::to_string(frame.header.length);
    if (!frame.body.empty() && frame.body.size() <= 24)
        text += " " + frame.body;
    return text;
}

std::string toText(const std::vector<Frame>& frames)
{
    std::string text;
    for (const Frame& frame : frames)
        text += toText(frame) + "\n";
    return text;
}

std::string toText(const Event& event)
{
    return std::visit(EventText(), event);
}

Config quietConfig()
{
    Config config;
    config.pingInterval = Duration::zero();
    return config;
}

Harness::Harness(Role role, const Config& config) : session(role, config, pool, now) {}

std::string Harness::receive(const std::vector<Frame>& frames)
{
    return receiveBytes(toBytes(frames));
}

std::string Harness::receiveBytes(std::string_view bytes)
{
    session.receive(asBytes(bytes), now);
    return events();
}

std::string Harness::events()
{
    std::string text;
    while (const auto event = session.nextEvent()) {
        text += toText(*event) + "\n";
        const Data* payload = std::get_if<Data>(&*event);
        if (payload && !m_hold)
            session.consumed(payload->id, payload->bytes.size(), now);
    }
    return text;
}

std::vector<Frame> Harness::takeFrames(size_t maxBytes)
{
    ByteQueue out(pool);
    session.takeOutput(out, maxBytes);
    return toFrames(out.peekText());
}

std::string Harness::advance(Duration by)
{
    const TimePoint end = now + by;
    std::string text;
    for (;;) {
        const auto deadline = session.nextDeadline();
        if (!deadline || *deadline > end)
            break;
        now = std::max(now, *deadline);
        session.handleTimeout(now);
        text += events();
    }
    now = end;
    return text;
}

StreamId Harness::openFromPeer(StreamId id)
{
    receive({windowUpdate(id, 0, flag::Syn)});
    session.accept(id);
    output();
    return id;
}

StreamId Harness::openHere()
{
    const StreamId id = session.openStream(now).value();
    output();
    receive({windowUpdate(id, 0, flag::Ack)});
    return id;
}

} // namespace sallyport::mux
