#include "links/h2c_stream.h"

#include "links/h2c_connection.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace sallyport::relay {

namespace {
// What the relay itself wrote: its limits are those of the visitor's head, and some more lines.
constexpr http::HeadLimits ForwardedHead{4 * 1024 * 1024, 2 * 1024 * 1024, 64, 20'000};
} // namespace

H2cStream::H2cStream(std::shared_ptr<H2cConnection> connection, std::weak_ptr<LinkTunnel> tunnel)
    : Upstream(std::move(tunnel)), m_connection(std::move(connection)), m_reader(ForwardedHead)
{}

H2cStream::~H2cStream()
{
    reset();
}

// --- the request ---

size_t H2cStream::writable()
{
    if (!m_connection)
        return 0;
    const size_t room = m_id == 0 ? BufferPool::LargeBlock : m_connection->session().writable(m_id);
    if (room == 0)
        m_wantsRoom = true;
    return room;
}

size_t H2cStream::write(ByteView bytes)
{
    if (!m_connection)
        return 0;
    size_t used = 0;
    if (m_id == 0) {
        used = takeHead(bytes);
        if (m_id == 0)
            return used;
    }
    takeBody(bytes.subspan(used));
    return bytes.size();
}

size_t H2cStream::write(Slice& slice)
{
    if (m_id != 0 && m_connection && m_body.dataAhead() >= slice.size()) {
        const size_t size = slice.size();
        m_body.pass(slice.view());
        m_connection->session().write(m_id, std::exchange(slice, Slice()));
        if (m_body.complete())
            takeBody({});
        m_connection->outputReady();
        return size;
    }
    const size_t used = write(slice.view());
    slice.removePrefix(used);
    return used;
}

// Returns how many bytes belonged to it. Fills m_id once it is whole.
size_t H2cStream::takeHead(ByteView bytes)
{
    const size_t before = m_head.size();
    m_head.append(asText(bytes));
    http::RequestHead& head = m_connection->requestHead();
    if (m_reader.read(asBytes(m_head), head) != http::ReadStatus::Complete)
        return bytes.size();
    const std::optional<http2::StreamId> id =
        m_connection->session().request(head, head.body.empty(), this);
    m_connection->outputReady();
    const size_t used = head.size - before;
    m_body = http::BodyReader(head.body);
    m_body.keepTrailers(m_trailers);
    m_requestEnded = m_body.complete();
    m_head = std::string();
    if (!id) { // it took its last stream meanwhile, or is going
        m_connection->failSoon(*this);
        return bytes.size();
    }
    m_id = *id;
    return used;
}

void H2cStream::takeBody(ByteView bytes)
{
    if (m_requestEnded)
        return;
    http2::Session& session = m_connection->session();
    m_body.decode(bytes, [&](ByteView data) { session.write(m_id, data); });
    if (m_body.complete()) {
        m_requestEnded = true;
        session.finish(m_id, m_trailers);
    }
    m_connection->outputReady();
}

void H2cStream::payloadTaken()
{
    if (m_wantsRoom && m_connection->session().writable(m_id) > 0) {
        m_wantsRoom = false;
        if (m_user)
            m_user->upstreamWritable();
    }
}

// Its exchange is over: whatever is left ends by itself.
void H2cStream::finish()
{
    if (m_id != 0 && m_connection && m_requestEnded) {
        m_connection->session().consumed(m_id, std::exchange(m_unacked, 0));
        m_connection->session().setContext(m_id, nullptr);
        m_connection->outputReady();
        return forget();
    }
    reset();
}

void H2cStream::reset()
{
    if (!m_connection)
        return;
    if (m_id != 0) {
        m_connection->session().consumed(m_id, std::exchange(m_unacked, 0));
        m_connection->session().reset(m_id, http2::ErrorCode::Cancel);
        m_connection->outputReady();
    }
    forget();
}

void H2cStream::forget()
{
    if (const std::shared_ptr<H2cConnection> connection = std::exchange(m_connection, nullptr))
        connection->streamLeft(*this);
    m_id = 0;
}

// --- the answer ---

void H2cStream::headCame(http2::Head& head)
{
    if (head.fault != http2::HeadFault::None) {
        reset();
        return gone(std::nullopt);
    }
    m_chunked = !head.ended && head.text.ends_with("transfer-encoding: chunked\r\n\r\n");
    if (m_user)
        m_user->upstreamData(asBytes(head.text));
}

void H2cStream::dataCame(ByteView bytes)
{
    m_unacked += bytes.size();
    if (!m_user || bytes.empty())
        return;
    if (!m_chunked)
        return m_user->upstreamData(bytes);
    std::array<char, 20> line;
    const int size = std::snprintf(line.data(), line.size(), "%zx\r\n", bytes.size());
    m_chunk.assign(line.data(), size_t(size)).append(asText(bytes)).append("\r\n");
    const std::string chunk = std::move(m_chunk); // the call may end this stream
    m_user->upstreamData(asBytes(chunk));
}

void H2cStream::bodyEnded(std::string_view trailers)
{
    if (!m_user || !m_chunked)
        return;
    const std::string end = "0\r\n" + std::string(trailers) + "\r\n";
    m_user->upstreamData(asBytes(end));
}

void H2cStream::gone(std::optional<wire::StreamFailure> why)
{
    m_id = 0;
    forget();
    if (UpstreamUser* user = std::exchange(m_user, nullptr))
        user->upstreamGone(why);
}

// Framing that we added counts too, so credit may come a little early: never more than there is.
void H2cStream::consumed(size_t bytes)
{
    if (!m_connection || m_id == 0)
        return;
    const size_t payload = std::min(bytes, m_unacked);
    m_unacked -= payload;
    m_connection->session().consumed(m_id, payload);
    m_connection->outputReady();
}

} // namespace sallyport::relay
