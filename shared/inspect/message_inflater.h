// Undoes permessage-deflate (RFC 7692) for one direction of a WebSocket. The compression's window
// goes on from message to message: after one that was lost or cut nothing can be undone any more.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct z_stream_s;

namespace sallyport::inspect {

class MessageInflater
{
public:
    MessageInflater();
    ~MessageInflater();

    // The first `limit` bytes of the message; nothing when it can't be undone. `size` is the whole.
    std::optional<std::string> inflate(std::string_view message, size_t limit, uint64_t& size);
    // A message was lost or is not whole.
    void giveUp() { m_broken = true; }

private:
    std::unique_ptr<z_stream_s> m_stream;
    bool m_broken = false;
};

} // namespace sallyport::inspect
