#include "field_list.h"
#include "session_impl.h"

#include <algorithm>
#include <utility>

namespace sallyport::http2 {

namespace {

nghttp2_data_provider bodyProvider()
{
    nghttp2_data_provider provider{};
    provider.read_callback = [](nghttp2_session*, int32_t id, uint8_t*, size_t room,
                                uint32_t* flags, nghttp2_data_source*, void* user) {
        return static_cast<Session::Impl*>(user)->readData(StreamId(id), room, flags);
    };
    return provider;
}

} // namespace

void Session::Impl::submitSettings()
{
    std::vector<nghttp2_settings_entry> settings{
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, config.streamWindow},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, uint32_t(config.maxHead)},
    };
    if (role == Role::Server) {
        settings.push_back({NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, config.maxStreams});
        settings.push_back({NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1});
        if (config.extendedConnect)
            settings.push_back({NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL, 1});
    } else {
        settings.push_back({NGHTTP2_SETTINGS_ENABLE_PUSH, 0});
        settings.push_back({NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 0});
    }
    nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
    nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0,
                                          int32_t(config.connectionWindow));
}

void Session::setContext(StreamId id, void* context)
{
    if (Stream* stream = m->find(id))
        stream->context = context;
}

std::optional<StreamId> Session::request(const http::RequestHead& head, bool ended, void* context)
{
    if (room() == 0)
        return std::nullopt;
    const FieldList list = FieldList::request(head);
    const std::vector<nghttp2_nv> fields = list.view();
    nghttp2_data_provider provider = bodyProvider();
    const int32_t id = nghttp2_submit_request(m->session, nullptr, fields.data(), fields.size(),
                                              ended ? nullptr : &provider, nullptr);
    if (id <= 0)
        return std::nullopt;
    auto stream = std::make_unique<Stream>(*m->pool);
    stream->id = StreamId(id);
    stream->context = context;
    stream->announced = true;
    stream->headRequest = head.method == http::Method::Head;
    stream->endSent = ended;
    m->streams[StreamId(id)] = std::move(stream);
    return StreamId(id);
}

void Session::answer(StreamId id, const http::ResponseHead& head, bool ended, bool own)
{
    Stream* stream = m->find(id);
    if (!stream)
        return;
    const FieldList list = FieldList::answer(head, own);
    const std::vector<nghttp2_nv> fields = list.view();
    if (head.interim()) {
        nghttp2_submit_headers(m->session, NGHTTP2_FLAG_NONE, int32_t(id), nullptr, fields.data(),
                               fields.size(), nullptr);
        return;
    }
    nghttp2_data_provider provider = bodyProvider();
    stream->endSent = ended;
    nghttp2_submit_response(m->session, int32_t(id), fields.data(), fields.size(),
                            ended ? nullptr : &provider);
}

size_t Session::writable(StreamId id) const
{
    const Stream* stream = m->find(id);
    if (!stream || stream->finished)
        return 0;
    return m->config.streamQueue - std::min(m->config.streamQueue, stream->out.size());
}

size_t Session::queued(StreamId id) const
{
    const Stream* stream = m->find(id);
    return stream ? stream->out.size() : 0;
}

void Session::write(StreamId id, ByteView bytes)
{
    Stream* stream = m->find(id);
    if (!stream || stream->finished || bytes.empty())
        return;
    stream->out.append(bytes);
    m->queueTurn(*stream);
}

void Session::write(StreamId id, Slice slice)
{
    Stream* stream = m->find(id);
    if (!stream || stream->finished || slice.empty())
        return;
    stream->out.append(std::move(slice));
    m->queueTurn(*stream);
}

void Session::finish(StreamId id, std::string_view trailers)
{
    Stream* stream = m->find(id);
    if (!stream || std::exchange(stream->finished, true))
        return;
    stream->trailers = trailers;
    m->queueTurn(*stream);
}

void Session::stopPeer(StreamId id)
{
    if (Stream* stream = m->find(id))
        stream->stopPeer = true;
}

void Session::reset(StreamId id, ErrorCode code)
{
    m->dropEvents(id);
    if (!m->find(id))
        return;
    m->erase(id);
    nghttp2_submit_rst_stream(m->session, NGHTTP2_FLAG_NONE, int32_t(id), uint32_t(code));
}

void Session::consumed(StreamId id, size_t bytes)
{
    if (bytes > 0 && !m->failure)
        nghttp2_session_consume(m->session, int32_t(id), bytes);
}

void Session::beginGoAway()
{
    nghttp2_submit_shutdown_notice(m->session);
}

void Session::finishGoAway()
{
    nghttp2_submit_goaway(m->session, NGHTTP2_FLAG_NONE,
                          nghttp2_session_get_last_proc_stream_id(m->session), NGHTTP2_NO_ERROR,
                          nullptr, 0);
}

void Session::fail(ErrorCode code, std::string detail)
{
    m->fail(code, std::move(detail));
    m->failureTold = true;
}

size_t Session::room() const
{
    if (m->failure || m->peerGoingAway || m->goAwaySent ||
        nghttp2_session_check_request_allowed(m->session) == 0)
        return 0;
    const size_t most = std::min<size_t>(
        m->config.maxStreams,
        nghttp2_session_get_remote_settings(m->session, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS));
    return most - std::min(most, m->streams.size());
}

} // namespace sallyport::http2
