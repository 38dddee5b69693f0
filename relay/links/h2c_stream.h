// One exchange on an HTTP/2 connection to an upstream (`protocol: h2c`). To the exchange it looks
// like a stream that carries HTTP/1.1: the request's text comes in and becomes fields and data, the
// answer goes out as such a text, with its trailers.
//
// Threads: the worker's. Lifetime: owned by the exchange; its connection forgets it when it goes.
#pragma once

#include "links/upstream_stream.h"

#include <sallyport/http/body_reader.h>
#include <sallyport/http/head_reader.h>
#include <sallyport/http2/session.h>

#include <memory>
#include <string>

namespace sallyport::relay {

class H2cConnection;

class H2cStream final : public Upstream
{
public:
    H2cStream(std::shared_ptr<H2cConnection> connection, std::weak_ptr<LinkTunnel> tunnel);
    ~H2cStream() override;

    // Upstream
    size_t writable() override;
    size_t write(ByteView bytes) override;
    size_t write(Slice& slice) override;
    void finish() override;
    void reset() override;
    void consumed(size_t bytes) override;

    // From the connection
    void headCame(http2::Head& head);
    void dataCame(ByteView bytes);
    void bodyEnded(std::string_view trailers);
    void gone(std::optional<wire::StreamFailure> why);
    void payloadTaken();

private:
    size_t takeHead(ByteView bytes);
    void takeBody(ByteView bytes);
    void forget();

    std::shared_ptr<H2cConnection> m_connection; // null once the stream is over
    http2::StreamId m_id = 0;                    // 0: the request's head is not whole yet
    std::string m_head;
    http::RequestReader m_reader;
    http::BodyReader m_body;
    std::string m_trailers;
    std::string m_chunk;    // the answer's, being framed
    size_t m_unacked = 0;   // of the upstream's payload
    bool m_chunked = false; // the answer is
    bool m_requestEnded = false;
    bool m_wantsRoom = false;
};

} // namespace sallyport::relay
