#include <sallyport/wire/base64.h>
#include <sallyport/wire/http_connect.h>

#include <algorithm>

namespace sallyport::wire {

namespace {
// A proxy that sends interim answers without end shall not hold us.
constexpr int MaxInterim = 8;
} // namespace

std::string connectRequest(std::string_view host, uint16_t port,
                           const std::optional<ProxyCredentials>& credentials)
{
    const bool ipv6 = host.find(':') != std::string_view::npos;
    const std::string authority =
        (ipv6 ? "[" + std::string(host) + "]" : std::string(host)) + ":" + std::to_string(port);
    std::string request = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
    if (credentials) {
        std::string pair = credentials->user + ":" + credentials->password.reveal(); // RFC 7617
        request += "Proxy-Authorization: Basic " + toBase64(asBytes(pair)) + "\r\n";
        std::fill(pair.begin(), pair.end(), '\0');
    }
    return request + "\r\n";
}

Result<size_t, ConnectError> ConnectResponse::feed(ByteView bytes)
{
    size_t used = 0;
    while (!m_done) {
        const Result<size_t, HeadError> taken = m_head.feed(bytes.subspan(used));
        if (!taken)
            return Failure(ConnectError::BadHead);
        used += *taken;
        if (!m_head.done())
            break;
        const Result<ResponseHead, HeadError> head = parseResponseHead(m_head.text());
        if (!head)
            return Failure(ConnectError::BadHead);
        if ((*head).status < 200) {
            if (++m_interim > MaxInterim)
                return Failure(ConnectError::BadHead);
            m_head = HeadReader();
            continue;
        }
        m_status = (*head).status;
        if (m_status >= 300)
            return Failure(m_status == 407 ? ConnectError::AuthRequired : ConnectError::Refused);
        m_done = true;
    }
    return used;
}

std::string_view describe(ConnectError error)
{
    switch (error) {
    case ConnectError::BadHead:
        return "the proxy's answer is not HTTP";
    case ConnectError::AuthRequired:
        return "the proxy wants other credentials";
    case ConnectError::Refused:
        return "the proxy refused the connection";
    }
    return {};
}

} // namespace sallyport::wire
