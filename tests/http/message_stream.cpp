#include "message_stream.h"

#include <algorithm>

namespace sallyport::http {

namespace {

struct RequestSide
{
    RequestReader reader;
    RequestHead head;

    ReadStatus read(ByteView bytes) { return reader.read(bytes, head); }
    std::string start() const
    {
        return std::string(head.methodName) + " " + std::string(head.target);
    }
    bool last() const { return !head.keepAlive || head.upgrade || head.method == Method::Connect; }
};

struct ResponseSide
{
    ResponseReader reader;
    ResponseContext context;
    ResponseHead head;

    ReadStatus read(ByteView bytes) { return reader.read(bytes, context, head); }
    std::string start() const { return std::to_string(head.status); }
    bool last() const { return !head.interim() && (!head.keepAlive || head.upgrade); }
};

template <typename Side>
class MessageStream
{
public:
    explicit MessageStream(Side side) : m_side(std::move(side)) {}

    void receive(std::string_view bytes)
    {
        // A new buffer each time, so that a view kept from an earlier call would be caught.
        std::string grown;
        grown.reserve(m_buffer.size() + bytes.size());
        grown.append(m_buffer).append(bytes);
        m_buffer.swap(grown);
        while (!m_buffer.empty() && !m_over && step()) {
        }
    }
    void endOfInput()
    {
        if (!m_over && m_inBody) {
            m_body.endOfInput();
            finishBody();
        }
    }
    ReadConnection result;

private:
    bool step()
    {
        if (!m_inBody) {
            const ReadStatus status = m_side.read(asBytes(m_buffer));
            if (status == ReadStatus::Error) {
                result.headError = m_side.reader.error();
                m_over = true;
            }
            if (status != ReadStatus::Complete)
                return false;
            beginMessage();
        }
        const size_t used = m_body.decode(
            asBytes(m_buffer), [this](ByteView data) { m_message.body.append(asText(data)); });
        consume(used);
        return finishBody();
    }
    void beginMessage()
    {
        m_message = {};
        m_message.start = m_side.start();
        for (const Field& field : m_side.head.fields)
            m_message.fields.emplace_back(field.name, field.value);
        m_message.last = m_side.last();
        m_body = BodyReader(m_side.head.body);
        consume(m_side.head.size);
        m_side.reader.reset();
        m_inBody = true;
    }
    bool finishBody()
    {
        if (m_body.failed()) {
            result.bodyError = m_body.error();
            m_over = true;
        }
        if (!m_body.complete())
            return false;
        m_message.end = m_offset;
        m_over = m_message.last;
        result.messages.push_back(std::move(m_message));
        m_inBody = false;
        return true;
    }
    void consume(size_t n)
    {
        m_buffer.erase(0, n);
        m_offset += n;
    }

    Side m_side;
    BodyReader m_body;
    ReadMessage m_message;
    std::string m_buffer;
    size_t m_offset = 0;
    bool m_inBody = false;
    bool m_over = false;
};

template <typename Side>
ReadConnection readAll(Side side, std::string_view bytes, const std::vector<size_t>& pieceSizes)
{
    MessageStream<Side> stream(std::move(side));
    size_t piece = 0;
    while (!bytes.empty()) {
        const size_t n = std::min(std::max<size_t>(pieceSizes[piece], 1), bytes.size());
        stream.receive(bytes.substr(0, n));
        bytes.remove_prefix(n);
        piece = std::min(piece + 1, pieceSizes.size() - 1);
    }
    stream.endOfInput();
    return std::move(stream.result);
}

} // namespace

ReadConnection readRequests(std::string_view bytes, const std::vector<size_t>& pieceSizes,
                            const HeadLimits& limits)
{
    return readAll(RequestSide{RequestReader(limits), {}}, bytes, pieceSizes);
}

ReadConnection readResponses(std::string_view bytes, const ResponseContext& context,
                             const std::vector<size_t>& pieceSizes, const HeadLimits& limits)
{
    return readAll(ResponseSide{ResponseReader(limits), context, {}}, bytes, pieceSizes);
}

} // namespace sallyport::http
