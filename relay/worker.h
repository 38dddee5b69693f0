// One worker: a thread with its own event loop, the agents' links that live on it, and the visitors
// of those links. All bytes of a tunnel stay on one worker, so nothing on their way takes a lock.
//
// Worker is the handle that other threads hold; WorkerCore is what runs on the thread.
#pragma once

#include "control_port.h"
#include "shared_state.h"

#include <sallyport/http2/session.h>
#include <sallyport/net/stream_socket.h>

#include <QThread>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::relay {

class WorkerCore;

// The listening sockets that one worker serves.
struct WorkerListeners
{
    std::vector<net::Socket> http;
    std::vector<net::Socket> https;
    std::vector<net::Socket> agents;
};

// A visitor on its way to the worker of its link.
struct HttpHandover
{
    net::StreamSocket socket; // detached
    net::Address peer;
    VisitorPass pass;
    std::string input; // read and not yet used
    bool peerEnded = false;
    int tries = 0; // of the request at the front of the input
};
// An HTTP/2 connection: new, or with all that it holds (h2_visitor.h).
struct H2Request;
struct H2Handover
{
    H2Handover();
    H2Handover(H2Handover&& other) noexcept;
    H2Handover& operator=(H2Handover&& other) noexcept;
    ~H2Handover();

    net::StreamSocket socket; // detached
    net::Address peer;
    VisitorPass pass;
    std::string input;  // read and not yet used
    std::string output; // for the visitor, not yet written
    std::string homeHost;
    bool peerEnded = false;
    std::unique_ptr<http2::Session> session; // null: to be made
    std::vector<H2Request> requests;
};
// A connection of listen.https whose ClientHello is still in the socket.
struct TlsHandover
{
    net::Socket socket;
    net::Address peer;
};
// What the ClientHello of a visitor says, whose TLS is passed through.
struct TlsWish
{
    std::string serverName; // empty: none
    std::string alpn;       // when it offers just one protocol
    bool https = false;     // came to listen.https: the relay's own, when it is no tls tunnel's
};
struct TcpHandover
{
    net::Socket socket;
    net::Address peer;
    VisitorPass pass;
    uint16_t port = 0;          // that the visitor came to
    TimePoint giveUp{};         // when a link must be there
    std::optional<TlsWish> tls; // absent: the port's tcp tunnel
};

class Worker final : private QThread
{
public:
    Worker(int index, SharedState& shared, ControlPort& control);
    ~Worker() override;

    void start(WorkerListeners listeners, std::vector<Worker*> all);
    // Ends the loop and waits for the thread.
    void stop();

    int index() const { return m_index; }
    // Runs on the worker's thread, in the order of posting. From any thread; after stop() nothing
    // runs any more.
    void post(std::function<void(WorkerCore&)> task);

private:
    void run() override;

    int m_index;
    SharedState& m_shared;
    ControlPort& m_control;
    WorkerListeners m_listeners;
    std::vector<Worker*> m_all;
    std::unique_ptr<QObject> m_receiver; // lives on the thread: where posted tasks arrive
    WorkerCore* m_core = nullptr;        // only touched on the thread
};

} // namespace sallyport::relay
