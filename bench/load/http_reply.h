// Just enough of HTTP/1.1 to know when an answer to a GET is complete: status and Content-Length.
// Not for use outside the load programs: they trust what they talk to.
#pragma once

#include <cstddef>
#include <string>

namespace sallyport::bench {

std::string getRequest(const std::string& host);

// Fed with what arrives; complete() once head and body of one answer are in. reset() before the
// next.
class HttpReply
{
public:
    void add(const char* bytes, size_t size) { m_bytes.append(bytes, size); }
    bool complete();
    int status() const; // once complete() said so
    void reset();

private:
    std::string m_bytes;
    size_t m_expected = 0; // of head and body; 0: the head is not in yet
};

} // namespace sallyport::bench
