// The first moments of a connection on listen.https: its ClientHello is read without being taken
// (MSG_PEEK), somebody decides what becomes of it, and where the relay ends the TLS the handshake
// is done.
//
// Phases: reading the hello; handshaking; done. The owner decides on the hello inside
// helloRead() by one of beginTls(), refuse() or takeSocket(); the hello's bytes are still in the
// socket, so that whoever takes it reads the connection from its first byte.
//
// Threads: its worker's. Lifetime: owned by the worker, which hears greetingOpen() or
// greetingOver() once, unless it took the socket, and retires it.
#pragma once

#include "shared_state.h"

#include <sallyport/net/deadline.h>
#include <sallyport/net/stream_socket.h>
#include <sallyport/tls/client_hello.h>

#include <memory>
#include <string>

namespace sallyport::relay {

class TlsGreeting;

class TlsGreetingOwner
{
public:
    // Valid during the call.
    virtual void helloRead(TlsGreeting& greeting, const tls::ClientHelloReader& hello) = 0;
    // The handshake is done; the agreed protocol is socket.tls()->alpn().
    virtual void greetingOpen(TlsGreeting& greeting, net::StreamSocket socket) = 0;
    // It came to nothing; the socket is closed.
    virtual void greetingOver(TlsGreeting& greeting, const std::string& reason) = 0;
    // One reader serves all greetings of the thread.
    virtual tls::ClientHelloReader& helloReader() = 0;

protected:
    ~TlsGreetingOwner() = default;
};

class TlsGreeting final : public net::Retirable, private net::ReadyHandler
{
public:
    TlsGreeting(uint64_t id, net::IoContext& io, SharedState& shared, net::Socket socket,
                const net::Address& peer, TlsGreetingOwner& owner);
    ~TlsGreeting() override;
    void start();

    // --- the decision ---
    void beginTls(std::shared_ptr<const tls::Context> context);
    // Sends the alert, then closes.
    void refuse(tls::Alert alert, const std::string& reason);
    // For another driver. The greeting is done; retire it.
    net::Socket takeSocket();

    // Ends it as a failure.
    void fail(const std::string& reason);

    uint64_t id() const { return m_id; }
    const net::Address& peer() const { return m_peer; }

    // Of the visitor, once it is admitted; moves on with the connection.
    VisitorPass pass;
    // It was sent here for the sake of its route: it stays.
    bool placed = false;

private:
    void onReady(net::Readiness hints) override;
    void peek();
    void shake();
    void answerPlainHttp();
    void closeSockets();

    uint64_t m_id;
    net::IoContext& m_io;
    SharedState& m_shared;
    net::Socket m_raw;          // reading the hello
    net::StreamSocket m_socket; // handshaking
    net::Address m_peer;
    TlsGreetingOwner& m_owner;
    Counted m_count;
    net::Deadline m_deadline;
    bool m_handshaking = false;
    bool m_done = false;
};

} // namespace sallyport::relay
