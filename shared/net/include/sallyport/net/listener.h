// Accepts connections on one address.
//
// Several workers may listen on the same address (SO_REUSEPORT); the system spreads visitors over
// them. Out of descriptors, it pauses for a moment instead of spinning.
//
// Threads: that of its IoContext.
#pragma once

#include <sallyport/net/deadline.h>
#include <sallyport/net/io_context.h>
#include <sallyport/net/socket.h>

#include <functional>
#include <memory>

namespace sallyport::net {

class Listener final : private ReadyHandler
{
public:
    using Accepted = std::function<void(Socket, const Address& peer)>;

    // Binds and listens; `shared` allows other listeners of this process on the same address.
    static Result<Socket, SystemError> open(const Address& address, bool shared);

    // `accepted` may destroy the listener.
    Listener(IoContext& io, Socket listening, Accepted accepted);
    ~Listener();

    Address address() const { return m_socket.localAddress(); }

private:
    void onReady(Readiness hints) override;
    bool stopAccepting(int error);

    IoContext& m_io;
    Socket m_socket;
    Accepted m_accepted;
    Deadline m_retry;
    bool* m_destroyed = nullptr; // set while accepting
};

} // namespace sallyport::net
