#include "http_reply.h"

#include <strings.h>

#include <cstdlib>

namespace sallyport::bench {

std::string getRequest(const std::string& host)
{
    return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
}

bool HttpReply::complete()
{
    if (m_expected == 0) {
        const size_t head = m_bytes.find("\r\n\r\n");
        if (head == std::string::npos)
            return false;
        m_expected = head + 4;
        constexpr size_t nameLength = sizeof "content-length:" - 1;
        for (size_t line = m_bytes.find("\r\n"); line < head;
             line = m_bytes.find("\r\n", line + 2)) {
            const char* field = m_bytes.c_str() + line + 2;
            if (strncasecmp(field, "content-length:", nameLength) == 0)
                m_expected += size_t(std::atoll(field + nameLength));
        }
    }
    return m_bytes.size() >= m_expected;
}

int HttpReply::status() const
{
    return m_bytes.size() > 12 ? std::atoi(m_bytes.c_str() + 9) : 0;
}

void HttpReply::reset()
{
    m_bytes.clear();
    m_expected = 0;
}

} // namespace sallyport::bench
