// TLS visitors who have not said yet where they want to go: waits for each one's ClientHello and
// reads it without taking it from the socket, so that whoever handles the connection then, on any
// worker, finds it untouched.
//
// These connections have limits of their own (`limits.peek*`): the first byte in time, then each
// next one, all of it in time and in size. They hold no place among the visitors, and when their
// own places are taken the address that has most of them loses its oldest: who starts slowly,
// however often, shuts nobody out. A hello that is malformed is answered by its alert, here.
//
// Threads: that of the IoContext. The count is shared by all workers: the limit may be passed by
// one for each of them.
#pragma once

#include "visitors/fair_places.h"

#include <sallyport/net/deadline.h>
#include <sallyport/net/io_context.h>
#include <sallyport/net/socket.h>
#include <sallyport/observe/counters.h>
#include <sallyport/tls/client_hello.h>

#include <cstdint>
#include <memory>
#include <unordered_map>

namespace sallyport::relay {

// Nothing was read from the socket.
struct PeekedVisitor
{
    net::Socket socket;
    net::Address peer;
    uint16_t port = 0;  // the public one that it came to
    bool https = false; // which is one of listen.https
};

class HelloPeeksOwner
{
public:
    // What the hello says is valid during the call.
    virtual void helloPeeked(PeekedVisitor visitor, const tls::ClientHelloReader& hello) = 0;
    // It begins with something else.
    virtual void notTlsPeeked(PeekedVisitor visitor) = 0;

protected:
    ~HelloPeeksOwner() = default;
};

class HelloPeeks
{
public:
    struct Limits
    {
        uint64_t places = 1'000;
        size_t bytes = tls::ClientHelloReader::DefaultLimit;
        Duration firstByte = std::chrono::seconds(15);
        Duration progress = std::chrono::seconds(5); // from each byte to the next
        Duration total = std::chrono::seconds(30);
    };

    HelloPeeks(net::IoContext& io, const Limits& limits, observe::Gauge& count,
               HelloPeeksOwner& owner);
    ~HelloPeeks();

    // The owner may be called before this returns.
    void add(PeekedVisitor visitor);
    // Cuts all.
    void clear();
    size_t size() const { return m_peeks.size(); }

private:
    class Peek;
    void look(Peek& peek);
    void read(Peek& peek, ByteView bytes);
    PeekedVisitor take(Peek& peek);
    void drop(Peek& peek);
    void forget(uint64_t id);

    net::IoContext& m_io;
    const Limits m_limits;
    observe::Gauge& m_count;
    HelloPeeksOwner& m_owner;
    tls::ClientHelloReader m_reader;
    std::unordered_map<uint64_t, std::unique_ptr<Peek>> m_peeks;
    FairPlaces m_places;
    uint64_t m_nextId = 1;
};

// Says why not, and closes. What came before is thrown away, so that the alert is not overtaken by
// the reset that unread bytes would cause.
void refuseHello(net::IoContext& io, net::Socket socket, tls::Alert alert);

} // namespace sallyport::relay
