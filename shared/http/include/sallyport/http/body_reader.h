// Finds the end of a body and checks its framing, without holding any of it.
//
//     BodyReader body(head.body);
//     size_t n = body.pass(received);   // so many leading bytes belong to the body, framing
//     included
//     ... forward received.first(n) as it is ...
//     if (body.failed()) abort; else if (body.complete()) the next message begins at received[n];
//
// Chunked framing (RFC 9112 section 7.1) is checked byte by byte, the data inside a chunk is only
// counted: cost does not grow with a chunk's size. pass() stops before received.size() only when
// the body is complete or has failed. What was passed before a failure may have been forwarded: a
// failure ends both connections, so that the receiver sees a body broken off.
//
// The same object can hand out the data alone (decode), for a receiver that does not know chunked.
#pragma once

#include <sallyport/base/bytes.h>
#include <sallyport/http/message.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace sallyport::http {

enum class BodyError : uint8_t {
    None,
    InvalidChunkSize,      // not hexadecimal, empty, or over 16 digits
    InvalidChunkExtension, // not the grammar of RFC 9112 section 7.1.1 (without "bad" white space)
    ChunkExtensionTooLong,
    MissingChunkEnd, // no CR LF behind a chunk's data, or a CR or LF alone
    InvalidTrailer,
    ForbiddenTrailer, // a field about framing, routing or the connection
    TrailersTooLarge,
    Truncated, // the connection ended before the body did
};
std::string_view describe(BodyError error);

struct BodyLimits
{
    // Bytes of chunk extensions: of one chunk, and of the whole body.
    uint32_t extension = 256;
    uint32_t extensions = 16 * 1024;
    // Bytes of the trailer section.
    uint32_t trailers = 8 * 1024;
};

class BodyReader
{
public:
    // A complete, empty body.
    BodyReader() = default;
    explicit BodyReader(BodyFraming framing, const BodyLimits& limits = {});

    // How many leading bytes belong to this body.
    size_t pass(ByteView bytes);

    // The same, and calls take(ByteView) with each piece of the data inside.
    template <typename Take>
    size_t decode(ByteView bytes, Take&& take)
    {
        size_t used = 0;
        while (used < bytes.size() && !complete() && !failed()) {
            const Step piece = step(bytes.subspan(used));
            if (piece.isData && piece.used > 0)
                take(bytes.subspan(used, piece.used));
            used += piece.used;
        }
        return used;
    }

    // From now on the trailer section's lines are appended here as they are read. Must outlive the
    // reader.
    void keepTrailers(std::string& lines) { m_keptTrailers = &lines; }

    // The sender closed its side. Completes an UntilClose body; any other unfinished one is
    // Truncated.
    void endOfInput();

    bool complete() const { return m_state == State::Complete; }
    bool failed() const { return m_state == State::Failed; }
    BodyError error() const { return m_error; }
    // So many following bytes are data whatever they are: no need to look at them before they are
    // passed.
    uint64_t dataAhead() const;

private:
    enum class State : uint8_t {
        Complete,
        Failed,
        UntilClose,
        Length,
        SizeFirst,
        Size,
        ExtensionName,
        ExtensionNameRest,
        ExtensionValue,
        ExtensionToken,
        ExtensionQuoted,
        ExtensionEscape,
        ExtensionQuotedEnd,
        SizeLf,
        Data,
        DataCr,
        DataLf,
        TrailerStart,
        TrailerName,
        TrailerValue,
        TrailerLf,
        FinalLf,
    };
    struct Step
    {
        size_t used;
        bool isData;
    };
    Step step(ByteView bytes);
    size_t takeData(size_t available);
    size_t takeFraming(ByteView bytes);
    void onByte(char c);
    void onSizeByte(char c);
    void onExtensionByte(char c);
    void onTrailerByte(char c);
    void endSizeLine();
    void endTrailerName();
    void enter(State state) { m_state = state; }
    void fail(BodyError error);

    State m_state = State::Complete;
    BodyError m_error = BodyError::None;
    uint8_t m_digits = 0;
    // Length and Data: bytes to come. Size: the number so far.
    uint64_t m_remaining = 0;
    BodyLimits m_limits;
    uint32_t m_extension = 0;
    uint32_t m_extensions = 0;
    uint32_t m_trailers = 0;
    std::string* m_keptTrailers = nullptr;
    // The name of the trailer being read, as far as it matters for recognising it.
    uint8_t m_nameSize = 0;
    std::array<char, 32> m_name;
};

} // namespace sallyport::http
