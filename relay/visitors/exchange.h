// One request and its answer, between a visitor's connection and a stream to the upstream.
//
// Knows the messages, not the visitor's connection: what is for the visitor goes to its owner. A
// request without a body and with an idempotent method is sent again when its stream ends before a
// byte of an answer came: on another stream or link, as its owner decides.
#pragma once

#include "links/link_tunnel.h"
#include "visitors/visitor_host.h"

#include <sallyport/http/body_reader.h>
#include <sallyport/http/error_response.h>
#include <sallyport/http/head_reader.h>
#include <sallyport/http/head_writer.h>

#include <memory>
#include <optional>
#include <string>

namespace sallyport::relay {

enum class ExchangeFailure {
    Gone,        // the upstream, or the link, ended it without an answer
    Away,        // the agent gave the tunnel up and took no more requests
    Unreachable, // the agent says why: failureCode()
    BadAnswer,   // the answer's head could not be understood: headError()
    BadBody,     // the request's body is framed wrongly
};

class ExchangeOwner
{
public:
    // For the visitor, in order: interim heads, the answer's head, its payload. The owner says how
    // it framed the answer: with decodeBody it gets the data alone, otherwise the body as the
    // upstream framed it. Payload still is on the stream's account until it left the owner's queue.
    virtual http::ResponseWritten sendAnswerHead(const http::ResponseHead& head,
                                                 const http::ResponseForwarding& forwarding) = 0;
    virtual void sendPayload(ByteView bytes) = 0;
    // Call after a batch of the above.
    virtual void flushVisitor() = 0;
    // The stream takes more of the request's body.
    virtual void requestWanted() = 0;

    // Each of these ends the exchange. Lost: the request, original(), may be sent again.
    virtual void exchangeLost() = 0;
    virtual void exchangeFailed(ExchangeFailure failure) = 0; // nothing was sent to the visitor yet
    virtual void exchangeBroken() = 0;                        // in the middle of the answer
    virtual void exchangeDone() = 0;
    virtual void exchangeUpgraded(ByteView early) = 0;

protected:
    ~ExchangeOwner() = default;
};

class Exchange final : private UpstreamUser
{
public:
    // `original`: the head as it came, kept while the request may be sent again.
    Exchange(VisitorHost& host, ExchangeOwner& owner, const http::RequestHead& head,
             ByteView original, const http::RequestForwarding& forwarding);
    ~Exchange();

    // Sends the head on a stream of this tunnel; false when its link takes no more streams.
    bool begin(LinkTunnel& tunnel, const VisitorInfo& visitor);

    // --- the request's body ---
    bool requestComplete() const { return m_requestBody.complete(); }
    // How many bytes may be read for it now.
    size_t requestRoom();
    // Returns how many leading bytes belonged to it; the owner hears of a framing fault.
    size_t requestBytes(ByteView bytes);
    size_t requestBytes(Slice slice);

    // --- the answer ---
    bool answerStarted() const { return m_stage != Stage::Head; }
    // After it the visitor's connection must end.
    bool mustClose() const { return m_close; }
    // `queued` bytes are still in the visitor's queue: the rest was taken, so credit goes back.
    void credit(size_t queued);
    void closeAfterwards() { m_closeAsked = true; }

    // Aborts the stream.
    void cancel();
    std::unique_ptr<Upstream> takeStream();

    const std::string& original() const { return m_original; }
    size_t unacknowledged() const { return m_unacked; }
    const http::ErrorOptions& errorOptions() const { return m_errorOptions; }
    wire::StreamFailure failureCode() const { return m_failureCode; }
    http::HeadError headError() const { return m_reader.error(); }
    const std::string& requestId() const { return m_requestId; }
    unsigned status() const { return m_status; }
    // Of an answer whose owner asked for decodeBody: lines "name: value" with CR LF.
    const std::string& answerTrailers() const { return m_trailers; }

private:
    enum class Stage { Head, Body, Done };

    // UpstreamUser
    void upstreamData(ByteView bytes) override;
    void upstreamFinished() override;
    void upstreamGone(std::optional<wire::StreamFailure> why) override;
    void upstreamWritable() override;

    bool sendToStream();
    void queueForStream(ByteView bytes);
    bool readHead(ByteView& bytes);
    bool handleHead(const http::ResponseHead& head, ByteView rest);
    bool readBody(ByteView& bytes);
    void finish(bool streamReusable);
    void failWith(ExchangeFailure failure);

    VisitorHost& m_host;
    ExchangeOwner& m_owner;
    std::unique_ptr<Upstream> m_stream;

    std::string m_original;
    std::string m_headText;
    size_t m_headSent = 0;
    ByteQueue m_toStream;
    http::BodyReader m_requestBody;
    bool m_retryable;
    bool m_closeAsked;
    bool m_secure; // the visitor came by https
    http::Version m_visitorVersion;
    http::ErrorOptions m_errorOptions;
    std::string m_requestId;

    Stage m_stage = Stage::Head;
    http::ResponseReader m_reader;
    http::ResponseContext m_context;
    std::string m_partialHead;
    http::BodyReader m_answerBody;
    std::string m_trailers;
    size_t m_unacked = 0; // of the stream's bytes, not yet taken by the visitor
    unsigned m_status = 0;
    int m_interim = 0;
    bool m_decode = false;
    bool m_close = false;
    bool m_keepUpstream = false;
    wire::StreamFailure m_failureCode = wire::StreamFailure::Other;
};

} // namespace sallyport::relay
