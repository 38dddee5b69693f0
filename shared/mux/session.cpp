// The public face.
#include "session_impl.h"

namespace sallyport::mux {

namespace {

// Checks the invariants when a call begins and when it ends; nothing in release builds.
template <typename Impl>
class Checked
{
public:
#ifndef NDEBUG
    explicit Checked(Impl& impl) : m_impl(impl)
    {
        m_impl.checkInvariants();
    }
    ~Checked()
    {
        m_impl.checkInvariants();
    }
#else
    explicit Checked(Impl& impl) : m_impl(impl) {}
#endif
    Checked(const Checked&) = delete;
    Checked& operator=(const Checked&) = delete;
    Impl* operator->()
    {
        return &m_impl;
    }

private:
    Impl& m_impl;
};

} // namespace

Session::Session(Role role, const Config& config, BufferPool& pool, TimePoint now)
    : m(std::make_unique<Impl>(role, config, pool, now))
{}
Session::~Session() = default;

void Session::receive(ByteView bytes, TimePoint now)
{
    Checked(*m)->receive(bytes, now);
}
void Session::handleTimeout(TimePoint now)
{
    Checked(*m)->handleTimeout(now);
}

Result<StreamId, OpenError> Session::openStream(TimePoint now)
{
    return Checked(*m)->openStream(now);
}
void Session::accept(StreamId id)
{
    Checked(*m)->accept(id);
}
void Session::setContext(StreamId id, void* context)
{
    m->setContext(id, context);
}
void Session::setUrgent(StreamId id)
{
    Checked(*m)->setUrgent(id);
}
size_t Session::writable(StreamId id) const
{
    return m->writable(id);
}

size_t Session::write(StreamId id, ByteView bytes)
{
    return Checked(*m)->write(id, bytes);
}
size_t Session::write(StreamId id, Slice& slice)
{
    return Checked(*m)->write(id, slice);
}
void Session::finish(StreamId id)
{
    Checked(*m)->finish(id);
}
void Session::reset(StreamId id)
{
    Checked(*m)->reset(id);
}
void Session::consumed(StreamId id, size_t bytes, TimePoint now)
{
    Checked(*m)->consumed(id, bytes, now);
}
void Session::ping(TimePoint now)
{
    Checked(*m)->ping(now);
}
void Session::goAway(GoAwayCode code)
{
    Checked(*m)->goAway(code);
}

std::optional<Event> Session::nextEvent()
{
    return Checked(*m)->nextEvent();
}
size_t Session::takeOutput(ByteQueue& out, size_t maxBytes)
{
    return Checked(*m)->takeOutput(out, maxBytes);
}
bool Session::hasOutput() const
{
    return m->hasOutput();
}
std::optional<TimePoint> Session::nextDeadline() const
{
    return m->nextDeadline();
}

bool Session::failed() const
{
    return m->failed();
}
size_t Session::streamCount() const
{
    return m->streamCount();
}
size_t Session::unreadBytes() const
{
    return m->unreadBytes();
}
size_t Session::queuedBytes() const
{
    return m->queuedBytes();
}
std::optional<Duration> Session::roundTrip() const
{
    return m->roundTrip();
}
uint32_t Session::receiveWindow(StreamId id) const
{
    return m->receiveWindow(id);
}

} // namespace sallyport::mux
