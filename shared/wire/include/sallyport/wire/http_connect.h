// Going through an HTTP proxy with CONNECT (RFC 9110, section 9.3.6).
#pragma once

#include <sallyport/base/bytes.h>
#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>
#include <sallyport/wire/http_head.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::wire {

struct ProxyCredentials
{
    std::string user;
    Secret password;
};

// The request with its empty line. `host` is a name, an IPv4 address or an IPv6 address without
// brackets.
std::string connectRequest(std::string_view host, uint16_t port,
                           const std::optional<ProxyCredentials>& credentials = std::nullopt);

enum class ConnectError {
    BadHead,      // the answer is not an HTTP head, or too long
    AuthRequired, // 407: credentials are missing or wrong
    Refused,      // any other status than 2xx
};
std::string_view describe(ConnectError error);

class ConnectResponse
{
public:
    // Returns how many of the bytes belong to the answer's head; the rest is the tunnel's. 1xx
    // answers are read over.
    Result<size_t, ConnectError> feed(ByteView bytes);
    bool done() const { return m_done; }
    // The final status, also after Refused; 0 before.
    int status() const { return m_status; }

private:
    HeadReader m_head;
    int m_interim = 0;
    int m_status = 0;
    bool m_done = false;
};

} // namespace sallyport::wire
