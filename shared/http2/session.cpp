#include "session_impl.h"

#include <utility>

namespace sallyport::http2 {

namespace {
// Frames that wait because the peer reads nothing: answers to its own.
constexpr size_t MaxFramesQueued = 4096;

struct OptionDeleter
{
    void operator()(nghttp2_option* option) const { nghttp2_option_del(option); }
};
} // namespace

Session::Impl::Impl(Role r, const Config& c, BufferPool& p, TimePoint n)
    : role(r), config(c), pool(&p), now(n), meter(r, c, n)
{
    nghttp2_option* made = nullptr;
    nghttp2_option_new(&made);
    const std::unique_ptr<nghttp2_option, OptionDeleter> option(made);
    nghttp2_option_set_no_auto_window_update(made, 1);
    nghttp2_option_set_no_closed_streams(made, 1);
    nghttp2_option_set_max_send_header_block_length(made, 4 * config.maxHead);
    nghttp2_option_set_peer_max_concurrent_streams(made, 100);
    nghttp2_session_callbacks* callbacks = makeCallbacks();
    if (role == Role::Server)
        nghttp2_session_server_new2(&session, callbacks, this, made);
    else
        nghttp2_session_client_new2(&session, callbacks, this, made);
    nghttp2_session_callbacks_del(callbacks);
    submitSettings();
}

Session::Impl::~Impl()
{
    nghttp2_session_del(session);
}

Stream* Session::Impl::find(StreamId id)
{
    const auto found = streams.find(id);
    return found == streams.end() ? nullptr : found->second.get();
}

void Session::Impl::erase(StreamId id)
{
    nghttp2_session_set_stream_user_data(session, int32_t(id), nullptr);
    streams.erase(id);
}

// Nobody is there for them any more.
void Session::Impl::dropEvents(StreamId id)
{
    std::erase_if(events, [&](const Event& event) {
        return std::visit(
            [&](const auto& e) {
                if constexpr (requires { e.id; }) {
                    if constexpr (requires { e.bytes; })
                        if (e.id == id)
                            nghttp2_session_consume_connection(session, e.bytes.size());
                    return e.id == id;
                } else {
                    return false;
                }
            },
            event);
    });
}

// --- input ---

std::optional<Event> Session::Impl::nextEvent()
{
    while (events.empty() && !failure && !input.empty())
        feed();
    if (!events.empty()) {
        Event event = std::move(events.front());
        events.pop_front();
        if (const auto* taken = std::get_if<Taken>(&event)) {
            if (Stream* stream = find(taken->id))
                stream->takenQueued = false;
        }
        return event;
    }
    if (failure && !std::exchange(failureTold, true))
        return *failure;
    return std::nullopt;
}

// One frame, or what there is of it.
void Session::Impl::feed()
{
    const FrameMeter::Cut cut = meter.next(input, now);
    const ByteView piece = input.first(cut.size);
    input = input.subspan(cut.size);
    if (!cut.flood.empty())
        return fail(ErrorCode::EnhanceYourCalm, "too many " + std::string(cut.flood));
    const ssize_t used = nghttp2_session_mem_recv(
        session, reinterpret_cast<const uint8_t*>(piece.data()), piece.size());
    if (used == NGHTTP2_ERR_FLOODED)
        return fail(ErrorCode::EnhanceYourCalm, "too many frames that want an answer");
    if (used < 0)
        return fail(ErrorCode::ProtocolError, nghttp2_strerror(int(used)));
    if (nghttp2_session_get_outbound_queue_size(session) > MaxFramesQueued)
        fail(ErrorCode::EnhanceYourCalm, "too many answers that are not read");
}

void Session::Impl::fail(ErrorCode code, std::string detail)
{
    if (failure)
        return;
    failure = Failed{code, std::move(detail)};
    input = {};
    nghttp2_session_terminate_session(session, uint32_t(code));
}

// --- output ---

size_t Session::Impl::takeOutput(ByteQueue& to, size_t maxBytes)
{
    const size_t before = to.size();
    out = &to;
    while (to.size() - before < maxBytes) {
        const uint8_t* bytes = nullptr;
        const ssize_t n = nghttp2_session_mem_send(session, &bytes);
        if (n < 0) {
            fail(ErrorCode::InternalError, nghttp2_strerror(int(n)));
            break;
        }
        if (n > 0) {
            to.append(ByteView(reinterpret_cast<const std::byte*>(bytes), size_t(n)));
            continue;
        }
        if (turns.empty())
            break;
        const StreamId id = turns.front();
        turns.pop_front();
        if (Stream* stream = find(id))
            giveTurn(*stream);
    }
    out = nullptr;
    return to.size() - before;
}

// The library asks this stream, and no other, for one frame. So its own order, which a peer can
// bend by priorities, never matters.
void Session::Impl::giveTurn(Stream& stream)
{
    stream.inTurn = false;
    if (stream.endSent || (stream.out.empty() && !stream.finished))
        return;
    const auto id = int32_t(stream.id);
    if (!stream.out.empty() && (nghttp2_session_get_remote_window_size(session) <= 0 ||
                                nghttp2_session_get_stream_remote_window_size(session, id) <= 0)) {
        stream.blocked = true;
        return;
    }
    stream.mayGo = true;
    nghttp2_session_resume_data(session, id);
}

void Session::Impl::queueTurn(Stream& stream)
{
    if (stream.inTurn || stream.blocked || stream.endSent)
        return;
    stream.inTurn = true;
    turns.push_back(stream.id);
}

// A window opened: whoever is still blocked finds out in its turn.
void Session::Impl::unblock()
{
    for (auto& [id, stream] : streams)
        if (std::exchange(stream->blocked, false))
            queueTurn(*stream);
}

// --- Session ---

Session::Session(Role role, const Config& config, BufferPool& pool, TimePoint now)
    : m(std::make_unique<Impl>(role, config, pool, now))
{}

Session::~Session() = default;

void Session::receive(ByteView bytes, TimePoint now)
{
    m->now = now;
    if (!m->failure)
        m->input = bytes;
}

std::optional<Event> Session::nextEvent()
{
    return m->nextEvent();
}

size_t Session::takeOutput(ByteQueue& out, size_t maxBytes)
{
    return m->takeOutput(out, maxBytes);
}

bool Session::hasOutput() const
{
    return !m->turns.empty() || nghttp2_session_want_write(m->session) != 0;
}

bool Session::failed() const
{
    return m->failure.has_value();
}

bool Session::done() const
{
    return m->failure || ((m->goAwaySent || m->peerGoingAway) && m->streams.empty());
}

size_t Session::streamCount() const
{
    return m->streams.size();
}

bool Session::settled() const
{
    return m->settled;
}

size_t Session::queuedBytes() const
{
    size_t bytes = 0;
    for (const auto& [id, stream] : m->streams)
        bytes += stream->out.size();
    return bytes;
}

bool Session::movable() const
{
    return m->events.empty() && m->input.empty() && !m->failure && queuedBytes() == 0;
}

void Session::moveTo(BufferPool& pool)
{
    m->pool = &pool;
    for (auto& [id, stream] : m->streams)
        stream->out = ByteQueue(pool);
}

} // namespace sallyport::http2
