// From the field list of an HTTP/2 message to the text of an HTTP/1.1 head.
//
// HTTP/1.1 is the form in which the relay understands messages: the strict readers of shared/http
// read this text as they read one that came that way, so that host, framing and every field mean
// the same whichever way they came. What HTTP/2 alone forbids (RFC 9113 section 8) is refused here:
// fields of a connection, pseudo fields that are unknown, repeated, late or missing, upper case in
// names, an authority and a Host that differ, and everything that could not stand in one line of
// text.
//
//   - Cookie fields are joined (section 8.2.3).
//   - A body without a length becomes `Transfer-Encoding: chunked`; http::ChunkWriter frames it.
//   - An extended CONNECT for websocket (RFC 8441) becomes GET with `Upgrade: websocket`; the
//     caller adds Sec-WebSocket-Key with addField().
#pragma once

#include <sallyport/http2/types.h>

#include <string>
#include <string_view>

namespace sallyport::http2 {

class HeadText
{
public:
    enum class Kind { Request, Answer, Trailers };

    HeadText(Kind kind, size_t maxBytes, size_t maxFields);

    void add(std::string_view name, std::string_view value);
    // Answer: it is one to HEAD.
    void expectNoBody() { m_noBody = true; }
    // A field that the framing layer found fault with.
    void spoil() { fail(HeadFault::Malformed); }

    // After the last field; then take the text.
    HeadFault finish(bool ended);
    std::string takeText() { return std::move(m_text); }
    bool webSocket() const { return m_webSocket; }
    // Answer: its status is 1xx.
    bool interim() const { return m_status.size() == 3 && m_status[0] == '1'; }
    // So far beyond its limit that it is an attack.
    bool absurd() const { return m_bytes > 16 * m_maxBytes; }

private:
    void fail(HeadFault fault);
    void addPseudo(std::string_view name, std::string_view value);
    void addField(std::string_view name, std::string_view value);
    HeadFault finishRequest(bool ended);
    HeadFault finishAnswer(bool ended);
    bool pathFits() const;

    Kind m_kind;
    size_t m_maxBytes;
    size_t m_maxFields;
    size_t m_bytes = 0;
    size_t m_count = 0;
    HeadFault m_fault = HeadFault::None;
    std::string m_method;
    std::string m_scheme;
    std::string m_authority;
    std::string m_path;
    std::string m_protocol;
    std::string m_status;
    std::string m_host;
    std::string m_cookie;
    std::string m_fields;
    std::string m_text;
    bool m_hasAuthority = false;
    bool m_hasHost = false;
    bool m_hasLength = false;
    bool m_inFields = false; // pseudo fields may not follow
    bool m_webSocket = false;
    bool m_noBody = false;
};

// Adds a line behind the last one of a head.
void addField(std::string& head, std::string_view name, std::string_view value);

} // namespace sallyport::http2
