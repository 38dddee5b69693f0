// Strict readers for the heads of HTTP/1.0 and HTTP/1.1 messages (RFC 9112), made for a proxy at
// the edge: whatever two programs could read in two ways is refused.
//
//     RequestReader reader(limits);             // a few words; one for each connection
//     switch (reader.read(received, head)) {    // received: all bytes since the last message's end
//     case ReadStatus::NeedMore: ...            // call again with the same bytes and more behind
//     them case ReadStatus::Complete: ...            // head is filled, head.size bytes are used up
//     case ReadStatus::Error: ...               // reader.error(); the connection can't be used
//     further
//     }
//     reader.reset();                           // before the next message
//
// The bytes may have moved between two calls. Reading looks at each byte a fixed number of times,
// however small the pieces are, and the outcome does not depend on how the bytes were cut. The fast
// case is a head that lies whole in one buffer: one pass, no allocation.
//
// A reader keeps no fields while it waits for more, so many readers may share one head object;
// read() fills it when it returns Complete, and leaves it unspecified otherwise. To let a request
// wait, keep its bytes and read them again, or keep the head object beside them.
//
// Lenient in one thing alone: a single CR LF before a request is skipped (RFC 9112 section 2.2).
#pragma once

#include <sallyport/base/bytes.h>
#include <sallyport/http/head_error.h>
#include <sallyport/http/message.h>

#include <cstddef>
#include <cstdint>

namespace sallyport::http {

struct HeadLimits
{
    // Bytes of the whole head, start line and final empty line included. Beyond: HeadTooLarge
    // (431).
    size_t head = 64 * 1024;
    // Bytes of a request's target. Beyond: TargetTooLong (414).
    size_t target = 16 * 1024;
    // Bytes of a method's name. Beyond: MethodTooLong (501).
    size_t method = 32;
    // Field lines. Beyond: TooManyFields (431).
    size_t fields = 256;
};

enum class ReadStatus : uint8_t { NeedMore, Complete, Error };

class HeadReader
{
public:
    HeadError error() const { return m_error; }
    // True once bytes of a message have been seen that are not yet a whole head: a connection that
    // ends here broke off, one that ends before was idle.
    bool started() const { return m_seen > m_start; }
    // Forgets the message; the limits stay.
    void reset();

protected:
    explicit HeadReader(const HeadLimits& limits) : m_limits(limits) {}

    struct Line
    {
        ReadStatus status;
        std::string_view text;
    };
    // The next whole line without its CR LF.
    Line nextLine(std::string_view bytes, size_t lineLimit, HeadError tooLong);
    // Reads field lines up to the empty one.
    ReadStatus readFields(std::string_view bytes, MessageHead& head);
    ReadStatus fail(HeadError error);

    HeadLimits m_limits;
    // Where the message begins, where the unfinished line begins, and how far it has been searched.
    uint32_t m_start = 0;
    uint32_t m_line = 0;
    uint32_t m_seen = 0;
    uint32_t m_fields = 0;
    HeadError m_error = HeadError::None;
};

class RequestReader : public HeadReader
{
public:
    explicit RequestReader(const HeadLimits& limits = {}) : HeadReader(limits) {}
    ReadStatus read(ByteView received, RequestHead& head);

private:
    ReadStatus readAll(std::string_view bytes, RequestHead& head);
    void skipEmptyLine(std::string_view bytes);
};

// What a response answers; its framing can't be known without.
struct ResponseContext
{
    Method method = Method::Get;
    // The request went out with Upgrade, so 101 is a possible answer.
    bool upgradeRequested = false;
};

class ResponseReader : public HeadReader
{
public:
    explicit ResponseReader(const HeadLimits& limits = {}) : HeadReader(limits) {}
    ReadStatus read(ByteView received, const ResponseContext& context, ResponseHead& head);

private:
    ReadStatus readAll(std::string_view bytes, ResponseHead& head);
};

} // namespace sallyport::http
