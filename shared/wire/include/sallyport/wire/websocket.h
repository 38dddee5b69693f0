// WebSocket framing (RFC 6455, section 5) for links that travel as `wss`: the payload of binary
// messages is one stream of bytes, message boundaries mean nothing, text is refused, no extensions.
//
// The codec knows no socket and keeps no payload: the encoder appends frames to a queue, the
// decoder unmasks in place and yields views of the caller's bytes.
#pragma once

#include <sallyport/base/byte_queue.h>
#include <sallyport/base/bytes.h>
#include <sallyport/base/result.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace sallyport::wire {

enum class WebSocketRole : uint8_t {
    Client, // masks what it sends
    Server,
};

// RFC 6455, section 7.4.1: the ones that Sallyport sends.
enum class CloseCode : uint16_t {
    Normal = 1000,
    GoingAway = 1001,
    ProtocolError = 1002,
    Unacceptable = 1003,
    None = 1005, // never sent: a close frame without a code was received
    TooBig = 1009,
};

class WebSocketEncoder
{
public:
    static constexpr size_t MaxHeader = 14;
    static constexpr size_t MaxControlPayload = 125;

    // `maskSeed` must be random for a client (section 5.3), and is unused by a server. The keys
    // need not be strong here: they protect intermediaries that read plaintext, and a link runs
    // inside TLS.
    WebSocketEncoder(WebSocketRole role, uint64_t maskSeed) : m_role(role), m_seed(maskSeed) {}

    // One binary frame: a header and a copy of the payload (masked by a client).
    void encode(ByteView payload, ByteQueue& out);
    // The first n bytes of `payload` as one binary frame. A server moves them without a copy.
    void encodeFrom(ByteQueue& payload, size_t n, ByteQueue& out);

    // Control frames; the payload is at most MaxControlPayload bytes.
    void ping(ByteView payload, ByteQueue& out);
    void pong(ByteView payload, ByteQueue& out);
    // The reason is cut to what a control frame holds.
    void close(CloseCode code, std::string_view reason, ByteQueue& out);

private:
    std::array<std::byte, 4> nextMask();
    void frame(uint8_t opcode, ByteView payload, ByteQueue& out);
    void header(uint8_t opcode, size_t size, const std::array<std::byte, 4>& mask,
                ByteQueue& out) const;

    WebSocketRole m_role;
    uint64_t m_seed;
};

enum class WebSocketError {
    ReservedBits,   // an extension that was not agreed on
    BadOpcode,      // reserved, or text
    BadMask,        // a client must mask, a server must not
    ControlTooLong, // over 125 bytes
    ControlFragmented,
    BadContinuation, // a continuation of nothing, or a new message within one
    FrameTooBig,     // over the limit, or a length with its top bit set
    NotMinimal,      // a length that a shorter form could have held
    BadClose,        // a close payload of one byte, or a code that may not be sent
};
std::string_view describe(WebSocketError error);
// The code to close with.
CloseCode closeCode(WebSocketError error);

class WebSocketDecoder
{
public:
    static constexpr uint64_t DefaultMaxFrame = 16 * 1024 * 1024;

    // `role` is that of this end: a server expects masked frames.
    explicit WebSocketDecoder(WebSocketRole role, uint64_t maxFrame = DefaultMaxFrame)
        : m_role(role), m_maxFrame(maxFrame)
    {}

    struct NeedMore
    {}; // the input is used up
    struct Data
    {
        ByteView payload;
    }; // a part of the byte stream: a view of the input
    struct Ping
    {
        ByteView payload;
    }; // to be answered with pong(payload); valid until the next call
    struct Pong
    {
        ByteView payload;
    };
    struct Close // to be answered with close(code) once; nothing follows
    {
        CloseCode code = CloseCode::None;
        std::string_view reason; // valid until the next call; not checked as UTF-8
    };
    using Event = std::variant<NeedMore, Data, Ping, Pong, Close>;

    // Takes bytes off the front of `input` (unmasking them in place) until there is an event. Call
    // again until NeedMore. An error is final.
    Result<Event, WebSocketError> next(MutableByteView& input);

private:
    std::optional<WebSocketError> readHeader();
    std::optional<WebSocketError> checkFirstByte(uint8_t first);
    bool fillHeader(MutableByteView& input);
    Result<Event, WebSocketError> finishControl();

    WebSocketRole m_role;
    uint64_t m_maxFrame;
    bool m_inFrame = false;
    bool m_inMessage = false; // a fragmented message is open
    bool m_closed = false;
    std::optional<WebSocketError> m_error;
    uint8_t m_opcode = 0;
    uint64_t m_left = 0; // payload bytes still to come
    uint32_t m_maskOffset = 0;
    std::array<std::byte, 4> m_mask{};
    std::array<std::byte, WebSocketEncoder::MaxHeader> m_header{};
    size_t m_headerSize = 0;
    std::array<std::byte, WebSocketEncoder::MaxControlPayload> m_control{};
    size_t m_controlSize = 0;
};

// XORs the bytes with the mask, beginning at mask byte `offset` (0..3), eight at a time.
void applyMask(MutableByteView bytes, const std::array<std::byte, 4>& mask, size_t offset);

} // namespace sallyport::wire
