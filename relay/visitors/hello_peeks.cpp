#include "visitors/hello_peeks.h"

#include <algorithm>
#include <utility>

namespace sallyport::relay {

class HelloPeeks::Peek final : public net::Retirable, private net::ReadyHandler
{
public:
    Peek(HelloPeeks& all, uint64_t ownId, PeekedVisitor whose)
        : id(ownId),
          visitor(std::move(whose)),
          deadline(all.m_io.deadlines(), [this] { m_all.drop(*this); }),
          latest(all.m_io.now() + all.m_limits.total),
          m_all(all)
    {
        deadline.set(std::min(all.m_io.now() + all.m_limits.firstByte, latest));
        all.m_io.poller().watch(visitor.socket.descriptor(), this);
    }
    ~Peek() override
    {
        if (visitor.socket.isOpen())
            m_all.m_io.poller().unwatch(visitor.socket.descriptor());
    }

    const uint64_t id;
    PeekedVisitor visitor;
    net::Deadline deadline;
    const TimePoint latest;
    size_t seen = 0;
    bool hangUp = false;

private:
    void onReady(net::Readiness hints) override
    {
        hangUp = hangUp || (hints & net::HangUp) != 0;
        if (visitor.socket.isOpen() && (hints & (net::Readable | net::HangUp)) != 0)
            m_all.look(*this);
    }

    HelloPeeks& m_all;
};

HelloPeeks::HelloPeeks(net::IoContext& io, const Limits& limits, observe::Gauge& count,
                       HelloPeeksOwner& owner)
    : m_io(io), m_limits(limits), m_count(count), m_owner(owner), m_reader(limits.bytes)
{}

HelloPeeks::~HelloPeeks()
{
    clear();
}

void HelloPeeks::add(PeekedVisitor visitor)
{
    if (m_count.value() >= int64_t(m_limits.places))
        if (const auto first = m_places.firstToGo())
            drop(*m_peeks.at(*first));
    const uint64_t id = m_nextId++;
    m_places.enter(id, visitor.peer);
    m_count.add();
    const auto [place, added] =
        m_peeks.emplace(id, std::make_unique<Peek>(*this, id, std::move(visitor)));
    look(*place->second);
}

void HelloPeeks::clear()
{
    while (!m_peeks.empty())
        drop(*m_peeks.begin()->second);
}

void HelloPeeks::look(Peek& peek)
{
    net::Socket& socket = peek.visitor.socket;
    const MutableByteView space = m_io.scratch().first(m_limits.bytes);
    const net::IoResult result = socket.peek(space);
    switch (result.state) {
    case net::IoResult::State::Ok:
        return read(peek, space.first(result.bytes));
    case net::IoResult::State::WouldBlock:
        m_io.poller().drained(socket.descriptor(), net::Readable);
        return;
    case net::IoResult::State::End:
    case net::IoResult::State::Failed:
        return drop(peek);
    }
}

void HelloPeeks::read(Peek& peek, ByteView bytes)
{
    switch (m_reader.read(bytes)) {
    case tls::HelloStatus::NeedMore:
        break;
    case tls::HelloStatus::Complete:
        return m_owner.helloPeeked(take(peek), m_reader);
    case tls::HelloStatus::NotTls:
        return m_owner.notTlsPeeked(take(peek));
    case tls::HelloStatus::Malformed:
        return refuseHello(m_io, take(peek).socket, m_reader.alert());
    }
    if (peek.hangUp)
        return drop(peek); // it ended in the middle
    // Nothing new: a hint that was on its way, or the end that a poller without HangUp does not
    // tell; the deadline sees to that.
    if (bytes.size() == peek.seen)
        return;
    peek.seen = bytes.size();
    peek.deadline.set(std::min(m_io.now() + m_limits.progress, peek.latest));
    peek.visitor.socket.readableFrom(peek.seen + 1);
    m_io.poller().drained(peek.visitor.socket.descriptor(), net::Readable);
}

PeekedVisitor HelloPeeks::take(Peek& peek)
{
    m_io.poller().unwatch(peek.visitor.socket.descriptor());
    if (peek.seen > 0)
        peek.visitor.socket.readableFrom(1);
    PeekedVisitor visitor = std::move(peek.visitor);
    forget(peek.id);
    return visitor;
}

void HelloPeeks::drop(Peek& peek)
{
    m_io.poller().unwatch(peek.visitor.socket.descriptor());
    peek.visitor.socket.abort();
    forget(peek.id);
}

// It may be inside one of its own callbacks.
void HelloPeeks::forget(uint64_t id)
{
    const auto found = m_peeks.find(id);
    if (found == m_peeks.end())
        return;
    found->second->deadline.clear();
    m_io.retire(std::move(found->second));
    m_peeks.erase(found);
    m_places.leave(id);
    m_count.subtract();
}

void refuseHello(net::IoContext& io, net::Socket socket, tls::Alert alert)
{
    constexpr int Reads = 2; // far more than a hello
    for (int i = 0; i < Reads && socket.read(io.scratch()).state == net::IoResult::State::Ok; ++i)
        ;
    socket.write(tls::alertRecord(alert));
    socket.shutdownWrite();
}

} // namespace sallyport::relay
