#include "http2_harness.h"

namespace sallyport::http2 {

std::string u32(uint32_t value)
{
    std::string text(4, '\0');
    writeU32(reinterpret_cast<std::byte*>(text.data()), value);
    return text;
}

std::string frame(uint8_t type, uint8_t flags, StreamId id, std::string_view payload)
{
    std::string bytes = u32(uint32_t(payload.size()) << 8);
    bytes[3] = char(type);
    bytes += char(flags);
    bytes += u32(id);
    bytes += payload;
    return bytes;
}

static std::string hpackText(std::string_view text)
{
    std::string out;
    if (text.size() < 127) {
        out += char(text.size());
    } else {
        out += char(127);
        size_t rest = text.size() - 127;
        while (rest >= 128) {
            out += char(rest % 128 + 128);
            rest /= 128;
        }
        out += char(rest);
    }
    out += text;
    return out;
}

std::string hpack(const Fields& fields)
{
    std::string block;
    for (const auto& [name, value] : fields) {
        block += '\0';
        block += hpackText(name);
        block += hpackText(value);
    }
    return block;
}

std::string headers(StreamId id, const Fields& fields, uint8_t flags)
{
    return frame(HeadersFrame, flags | EndHeadersFlag, id, hpack(fields));
}

Fields get(std::string path, std::string authority)
{
    return {{":method", "GET"},
            {":scheme", "http"},
            {":authority", std::move(authority)},
            {":path", std::move(path)}};
}

std::string describeFrames(std::string_view bytes)
{
    static const char* const names[] = {"DATA",          "HEADERS",      "PRIORITY", "RST_STREAM",
                                        "SETTINGS",      "PUSH_PROMISE", "PING",     "GOAWAY",
                                        "WINDOW_UPDATE", "CONTINUATION"};
    std::string lines;
    while (bytes.size() >= 9) {
        const auto* p = reinterpret_cast<const std::byte*>(bytes.data());
        const size_t size = readU32(p) >> 8;
        const auto type = std::to_integer<uint8_t>(p[3]);
        const auto flags = std::to_integer<uint8_t>(p[4]);
        const std::string_view payload = bytes.substr(9, size);
        const auto* body = reinterpret_cast<const std::byte*>(payload.data());
        std::string line = type < 10 ? names[type] : "type" + std::to_string(type);
        line += " " + std::to_string(readU32(p + 5));
        if (type == SettingsFrame || type == PingFrame)
            line += (flags & AckFlag) != 0 ? " ACK" : "";
        else if (type <= HeadersFrame)
            line += (flags & EndStreamFlag) != 0 ? " END" : "";
        if (type == DataFrame)
            line += size > 32 ? " " + std::to_string(size) + " bytes" : " " + std::string(payload);
        else if (type == RstStreamFrame)
            line += " code=" + std::to_string(readU32(body));
        else if (type == GoAwayFrame)
            line += " last=" + std::to_string(readU32(body)) +
                    " code=" + std::to_string(readU32(body + 4));
        else if (type == WindowUpdateFrame)
            line += " +" + std::to_string(readU32(body));
        lines += (lines.empty() ? "" : "\n") + line;
        bytes.remove_prefix(9 + size);
    }
    return lines;
}

namespace {
struct Describe
{
    std::string operator()(const Head& e) const
    {
        std::string text = "Head " + std::to_string(e.id) + (e.ended ? " ended" : "");
        if (e.fault != HeadFault::None)
            text += " fault=" + std::to_string(int(e.fault));
        return text;
    }
    std::string operator()(const Data& e) const
    {
        return "Data " + std::to_string(e.id) + " " + std::string(asText(e.bytes));
    }
    std::string operator()(const Ended& e) const
    {
        return "Ended " + std::to_string(e.id) + (e.trailers.empty() ? "" : " " + e.trailers);
    }
    std::string operator()(const Reset& e) const
    {
        return "Reset " + std::to_string(e.id) + " code=" + std::to_string(uint32_t(e.code)) +
               (e.byPeer ? " by peer" : "");
    }
    std::string operator()(const Closed& e) const { return "Closed " + std::to_string(e.id); }
    std::string operator()(const Taken& e) const { return "Taken " + std::to_string(e.id); }
    std::string operator()(const GoAway& e) const
    {
        return "GoAway code=" + std::to_string(uint32_t(e.code));
    }
    std::string operator()(const Failed& e) const
    {
        return "Failed code=" + std::to_string(uint32_t(e.code));
    }
};
} // namespace

std::string describe(const Event& event)
{
    return std::visit(Describe(), event);
}

Harness::Harness(Role role, const Config& config) : session(role, config, pool, now), m_role(role)
{}

std::string Harness::receive(std::string_view bytes)
{
    session.receive(asBytes(bytes), now);
    return events();
}

std::string Harness::events()
{
    std::string lines;
    while (auto event = session.nextEvent()) {
        lines += (lines.empty() ? "" : "\n") + describe(*event);
        if (const auto* data = std::get_if<Data>(&*event); data && !hold)
            session.consumed(data->id, data->bytes.size());
    }
    return lines;
}

std::string Harness::take()
{
    ByteQueue out(pool);
    session.takeOutput(out, SIZE_MAX);
    return out.peekText();
}

void Harness::settle(uint32_t window, uint32_t maxStreams)
{
    std::string bytes;
    if (m_role == Role::Server)
        bytes = Preface;
    bytes +=
        frame(SettingsFrame, 0, 0,
              std::string("\0\x04", 2) + u32(window) + std::string("\0\x03", 2) + u32(maxStreams));
    receive(bytes);
    take();
    receive(frame(SettingsFrame, AckFlag, 0, ""));
}

void Harness::answer(StreamId id, std::string_view head, bool ended, bool own)
{
    http::ResponseReader reader;
    http::ResponseHead parsed;
    QCOMPARE(reader.read(asBytes(head), {}, parsed), http::ReadStatus::Complete);
    session.answer(id, parsed, ended, own);
}

} // namespace sallyport::http2
