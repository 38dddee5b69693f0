// A small strict reader of HTTP/1.1 heads without a body, for the two handshakes that set up a
// link: the WebSocket upgrade and CONNECT through a proxy. What visitors and upstreams send is read
// by shared/http.
//
// RFC 9112: lines end in CRLF (bare CR or LF refused), no obs-fold, no space before the colon.
#pragma once

#include <sallyport/base/bytes.h>
#include <sallyport/base/result.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::wire {

inline constexpr size_t MaxHandshakeHead = 8 * 1024;
inline constexpr size_t MaxHandshakeHeaders = 100;

enum class HeadError {
    TooLong, // over MaxHandshakeHead
    TooManyHeaders,
    BadLine, // a first line or a header that is not well formed
};
std::string_view describe(HeadError error);

// Collects a head that comes in pieces.
class HeadReader
{
public:
    // Returns how many of the bytes belong to the head (its empty line included).
    Result<size_t, HeadError> feed(ByteView bytes);
    bool done() const { return m_done; }
    std::string_view text() const { return m_text; }

private:
    std::string m_text;
    bool m_done = false;
};

struct HandshakeHeader
{
    std::string_view name;
    std::string_view value; // without surrounding blanks
};

// Views of the text that was parsed.
struct RequestHead
{
    std::string_view method;
    std::string_view target;
    std::vector<HandshakeHeader> headers;
};
struct ResponseHead
{
    int status = 0; // 100..599
    std::string_view reason;
    std::vector<HandshakeHeader> headers;
};

// HTTP/1.1 alone for requests; 1.0 too for answers (proxies still send it).
Result<RequestHead, HeadError> parseRequestHead(std::string_view text);
Result<ResponseHead, HeadError> parseResponseHead(std::string_view text);

// The value of the header that stands exactly once; nothing when it is missing or repeated.
std::optional<std::string_view> onlyHeader(const std::vector<HandshakeHeader>& headers,
                                           std::string_view name);
// Whether a comma-separated list in any header of that name holds the token (case ignored).
bool hasToken(const std::vector<HandshakeHeader>& headers, std::string_view name,
              std::string_view token);
bool equalsIgnoringCase(std::string_view a, std::string_view b);

} // namespace sallyport::wire
