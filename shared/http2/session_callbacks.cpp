#include "field_list.h"
#include "session_impl.h"

#include <algorithm>
#include <utility>

namespace sallyport::http2 {

namespace {

std::string_view text(const uint8_t* bytes, size_t size)
{
    return {reinterpret_cast<const char*>(bytes), size};
}

bool endsStream(const nghttp2_frame& frame)
{
    return (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
}

} // namespace

// --- heads ---

void Session::Impl::beginHead(const nghttp2_frame& frame)
{
    if (frame.hd.type != NGHTTP2_HEADERS)
        return;
    const auto id = StreamId(frame.hd.stream_id);
    Stream* stream = find(id);
    if (role == Role::Server && frame.headers.cat == NGHTTP2_HCAT_REQUEST) {
        auto made = std::make_unique<Stream>(*pool);
        stream = made.get();
        stream->id = id;
        streams[id] = std::move(made);
        meter.streamOpened();
    }
    if (!stream)
        return;
    const HeadText::Kind kind = stream->headSeen       ? HeadText::Kind::Trailers
                                : role == Role::Server ? HeadText::Kind::Request
                                                       : HeadText::Kind::Answer;
    stream->head = std::make_unique<HeadText>(kind, config.maxHead, config.maxFields);
    if (stream->headRequest)
        stream->head->expectNoBody();
}

void Session::Impl::endHead(const nghttp2_frame& frame)
{
    Stream* stream = find(StreamId(frame.hd.stream_id));
    if (!stream || !stream->head)
        return;
    const std::unique_ptr<HeadText> head = std::move(stream->head);
    const bool ended = endsStream(frame);
    const HeadFault fault = head->finish(ended);
    const bool trailers = stream->headSeen;
    if (fault == HeadFault::Malformed || (fault != HeadFault::None && trailers) ||
        (trailers && !ended)) {
        nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame.hd.stream_id,
                                  NGHTTP2_PROTOCOL_ERROR);
        return;
    }
    if (trailers) {
        events.push_back(Ended{stream->id, stream->context, head->takeText()});
        return;
    }
    stream->headSeen = fault != HeadFault::None || role == Role::Server || !head->interim();
    stream->announced = true;
    events.push_back(
        Head{stream->id, stream->context, head->takeText(), fault, ended, head->webSocket()});
}

// --- frames ---

void Session::Impl::frameReceived(const nghttp2_frame& frame)
{
    const auto id = StreamId(frame.hd.stream_id);
    switch (frame.hd.type) {
    case NGHTTP2_HEADERS:
        return endHead(frame);
    case NGHTTP2_DATA:
        if (Stream* stream = find(id); stream && endsStream(frame))
            events.push_back(Ended{id, stream->context, {}});
        return;
    case NGHTTP2_RST_STREAM:
        if (Stream* stream = find(id))
            stream->resetByPeer = true;
        return;
    case NGHTTP2_SETTINGS:
        if ((frame.hd.flags & NGHTTP2_FLAG_ACK) == 0)
            settled = true;
        return unblock();
    case NGHTTP2_WINDOW_UPDATE:
        if (id == 0)
            return unblock();
        if (Stream* stream = find(id); stream && std::exchange(stream->blocked, false))
            queueTurn(*stream);
        return;
    case NGHTTP2_GOAWAY:
        peerGoingAway = true;
        events.push_back(GoAway{ErrorCode(frame.goaway.error_code)});
        return;
    default:
        return;
    }
}

void Session::Impl::frameSent(const nghttp2_frame& frame)
{
    if (frame.hd.type == NGHTTP2_GOAWAY) {
        // The library found fault with the peer and ends the connection.
        if (frame.goaway.error_code != NGHTTP2_NO_ERROR && !failure) {
            failure =
                Failed{ErrorCode(frame.goaway.error_code),
                       std::string(text(frame.goaway.opaque_data, frame.goaway.opaque_data_len))};
            input = {};
        }
        if (frame.goaway.last_stream_id != int32_t((1u << 31) - 1))
            goAwaySent = true;
    }
    if ((frame.hd.type == NGHTTP2_DATA || frame.hd.type == NGHTTP2_HEADERS) && endsStream(frame)) {
        // RFC 9113 section 8.1
        if (Stream* stream = find(StreamId(frame.hd.stream_id)); stream && stream->stopPeer)
            nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame.hd.stream_id,
                                      NGHTTP2_NO_ERROR);
    }
    // A stream that never came to life: beyond the limit on streams, say.
    if (frame.hd.type == NGHTTP2_RST_STREAM && role == Role::Server &&
        frame.rst_stream.error_code == NGHTTP2_REFUSED_STREAM &&
        !find(StreamId(frame.hd.stream_id)) && !meter.mayWaste(now))
        fail(ErrorCode::EnhanceYourCalm, "too many streams beyond the limit");
}

void Session::Impl::streamClosed(StreamId id, uint32_t code)
{
    Stream* stream = find(id);
    if (!stream)
        return;
    const bool clean = code == NGHTTP2_NO_ERROR && !stream->resetByPeer;
    const bool byPeer = stream->resetByPeer || (role == Role::Client && peerGoingAway);
    if (stream->announced) {
        if (clean)
            events.push_back(Closed{id, stream->context});
        else
            events.push_back(Reset{id, stream->context, ErrorCode(code), byPeer});
    }
    streams.erase(id);
    // Whether it cancels streams, or makes us cancel them, comes to the same.
    if (!clean && role == Role::Server && !meter.mayCancel(now))
        fail(ErrorCode::EnhanceYourCalm, "too many cancelled streams");
}

// --- payload to the peer ---

ssize_t Session::Impl::readData(StreamId id, size_t room, uint32_t* flags)
{
    Stream* stream = find(id);
    if (!stream || !std::exchange(stream->mayGo, false))
        return NGHTTP2_ERR_DEFERRED;
    const size_t n = std::min(room, stream->out.size());
    *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
    if (n == stream->out.size() && stream->finished) {
        *flags |= NGHTTP2_DATA_FLAG_EOF;
        stream->endSent = true;
        if (!stream->trailers.empty()) {
            *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
            const FieldList list = FieldList::trailers(stream->trailers);
            const std::vector<nghttp2_nv> fields = list.view();
            nghttp2_submit_trailer(session, int32_t(id), fields.data(), fields.size());
        }
    } else if (n == 0) {
        return NGHTTP2_ERR_DEFERRED;
    }
    return ssize_t(n);
}

void Session::Impl::sendData(StreamId id, const uint8_t* frameHeader, size_t length)
{
    constexpr size_t HeaderSize = 9;
    out->append(ByteView(reinterpret_cast<const std::byte*>(frameHeader), HeaderSize));
    Stream* stream = find(id);
    if (!stream)
        return;
    out->moveFrom(stream->out, length);
    if (length > 0) {
        meter.payloadSent();
        if (!std::exchange(stream->takenQueued, true))
            events.push_back(Taken{id, stream->context});
    }
    if (!stream->out.empty() || (stream->finished && !stream->endSent))
        queueTurn(*stream);
}

// --- the library's side ---

nghttp2_session_callbacks* Session::Impl::makeCallbacks()
{
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_begin_headers_callback(
        callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
            static_cast<Impl*>(user)->beginHead(*frame);
            return 0;
        });
    nghttp2_session_callbacks_set_on_header_callback(
        callbacks,
        [](nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t nameSize,
           const uint8_t* value, size_t valueSize, uint8_t, void* user) {
            Impl& self = *static_cast<Impl*>(user);
            Stream* stream = self.find(StreamId(frame->hd.stream_id));
            if (!stream || !stream->head)
                return 0;
            stream->head->add(text(name, nameSize), text(value, valueSize));
            if (stream->head->absurd())
                self.fail(ErrorCode::EnhanceYourCalm, "a field list far beyond its limit");
            return 0;
        });
    nghttp2_session_callbacks_set_on_invalid_header_callback(
        callbacks, [](nghttp2_session*, const nghttp2_frame* frame, const uint8_t*, size_t,
                      const uint8_t*, size_t, uint8_t, void* user) {
            Stream* stream = static_cast<Impl*>(user)->find(StreamId(frame->hd.stream_id));
            if (stream && stream->head)
                stream->head->spoil();
            return 0;
        });
    nghttp2_session_callbacks_set_on_frame_recv_callback(
        callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
            static_cast<Impl*>(user)->frameReceived(*frame);
            return 0;
        });
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
        callbacks,
        [](nghttp2_session*, uint8_t, int32_t id, const uint8_t* data, size_t size, void* user) {
            Impl& self = *static_cast<Impl*>(user);
            if (Stream* stream = self.find(StreamId(id)))
                self.events.push_back(
                    Data{stream->id, stream->context,
                         ByteView(reinterpret_cast<const std::byte*>(data), size)});
            else
                nghttp2_session_consume_connection(self.session, size);
            return 0;
        });
    nghttp2_session_callbacks_set_on_frame_send_callback(
        callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
            static_cast<Impl*>(user)->frameSent(*frame);
            return 0;
        });
    nghttp2_session_callbacks_set_on_stream_close_callback(
        callbacks, [](nghttp2_session*, int32_t id, uint32_t code, void* user) {
            static_cast<Impl*>(user)->streamClosed(StreamId(id), code);
            return 0;
        });
    nghttp2_session_callbacks_set_send_data_callback(
        callbacks, [](nghttp2_session*, nghttp2_frame* frame, const uint8_t* header, size_t length,
                      nghttp2_data_source*, void* user) {
            static_cast<Impl*>(user)->sendData(StreamId(frame->hd.stream_id), header, length);
            return 0;
        });
    return callbacks;
}

} // namespace sallyport::http2
