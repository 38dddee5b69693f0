#include "model.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

namespace sallyport::mux {

using namespace std::chrono_literals;

namespace {

constexpr size_t PatternSize = 1 << 20;
constexpr size_t LongestPiece = 1 << 20;

// The bytes that all streams carry, each from another offset on.
const char* pattern(uint64_t offset)
{
    static const std::string bytes = [] {
        std::mt19937 random(99);
        std::string all(PatternSize, '\0');
        for (char& c : all)
            c = static_cast<char>(random());
        return all + all.substr(0, LongestPiece);
    }();
    return bytes.data() + offset % PatternSize;
}

} // namespace

struct Model::End
{
    Stream* stream = nullptr;
    Side* side = nullptr;
    End* other = nullptr;

    bool live = false;
    bool accepted = false;
    // Sending.
    uint64_t written = 0;
    size_t toSend = 0;
    bool blocked = false; // waits for StreamWritable
    bool wantsFinish = false;
    bool finished = false;
    TimePoint finishedAt;
    // Receiving.
    uint64_t received = 0;
    size_t unread = 0;
    bool finishSeen = false;
};

struct Model::Stream
{
    StreamId id = 0;
    TimePoint openedAt;
    bool aborted = false; // some end was reset: bytes may be missing
    std::array<End, 2> ends;

    uint64_t salt(const Side& sender) const;
};

// What may leave a session, seen frame by frame.
class Model::WireCheck
{
public:
    void check(std::string_view bytes, uint32_t maxFrame, StreamId ownParity)
    {
        while (!bytes.empty()) {
            require(bytes.size() >= HeaderSize, "output ends inside a header");
            const auto header = decode(asBytes(bytes).data());
            require(header.ok(), "output is no frame");
            bytes.remove_prefix(HeaderSize);
            if (header.value().type == FrameType::Data) {
                require(header.value().length <= maxFrame, "frame longer than maxFrame");
                require(header.value().length <= bytes.size(), "output ends inside a body");
                bytes.remove_prefix(header.value().length);
            }
            if (header.value().streamId != 0)
                checkOrder(header.value(), ownParity);
        }
    }

private:
    void checkOrder(const FrameHeader& frame, StreamId ownParity)
    {
        const bool own = frame.streamId % 2 == ownParity;
        auto [it, isNew] = m_state.try_emplace(frame.streamId, Open);
        require(frame.has(flag::Syn) == (own && isNew), "SYN belongs on the first frame alone");
        require(it->second != Reset, "frame after RST");
        const bool sends = frame.type == FrameType::Data || frame.has(flag::Fin);
        require(!sends || it->second == Open, "payload or FIN after FIN");
        if (frame.has(flag::Fin))
            it->second = Finished;
        if (frame.has(flag::Rst))
            it->second = Reset;
    }

    enum State { Open, Finished, Reset };
    std::map<StreamId, State> m_state;
};

struct Model::Side
{
    Side(Role role, const Config& config, TimePoint now) : session(role, config, pool, now) {}

    struct Chunk
    {
        TimePoint arrives;
        std::string bytes;
    };

    StreamId parity = 0;
    Side* peer = nullptr;
    BufferPool pool;
    Session session;
    std::deque<Chunk> incoming;
    std::vector<End*> ends; // live ones
    WireCheck wire;
    bool saidGoAway = false;
};

uint64_t Model::Stream::salt(const Side& sender) const
{
    return id * 7919ull + sender.parity * 31;
}

void Model::require(bool condition, const std::string& what)
{
    if (!condition)
        throw ModelError(what);
}

// --- the run ---

Model::Model(uint32_t seed) : m_random(seed)
{
    m_longJumps = chance(10);
    m_config.maxStreams = 1 + below(chance(20) ? 4 : 40);
    m_config.backlog = 1 + below(chance(20) ? 3 : 40);
    m_config.maxWindow = InitialWindow << below(4);
    m_config.windowBudget = below(2 * 1024 * 1024);
    m_config.unreadLimit = chance(10) ? 50'000 + below(500'000) : 100 * 1024 * 1024;
    m_config.maxFrame = chance(30) ? 1 + below(2000) : 64 * 1024;
    m_config.streamQueueLimit = chance(30) ? 1 + below(3000) : 256 * 1024;
    m_config.queueLimit = chance(30) ? 1 + below(20'000) : 1024 * 1024;
    m_config.streamReserve = chance(30) ? below(5000) : 4096;
    if (m_longJumps || chance(30))
        m_config.pingInterval = Duration::zero();
    // Small queues would take very many rounds for large writes.
    m_largestWrite =
        50 * std::min<size_t>({m_config.streamQueueLimit, m_config.queueLimit, m_config.maxFrame});
    m_delay = chance(50) ? Duration(0) : Duration(std::chrono::milliseconds(below(60)));
    m_sides[0] = std::make_unique<Side>(Role::Client, m_config, m_now);
    m_sides[1] = std::make_unique<Side>(Role::Server, m_config, m_now);
    for (int i : {0, 1}) {
        m_sides[i]->parity = i == 0 ? 1 : 0;
        m_sides[i]->peer = m_sides[1 - i].get();
    }
}

Model::~Model() = default;

void Model::run()
{
    const uint32_t steps = 50 + below(300);
    for (uint32_t i = 0; i < steps; ++i)
        randomStep();
    settle();
}

void Model::randomStep()
{
    Side& side = *m_sides[below(2)];
    End* end = anyEnd(side);
    const uint32_t action = below(100);
    if (action < 8)
        open(side);
    else if (action < 25)
        take(side, chance(50) ? SIZE_MAX : below(100'000));
    else if (action < 50)
        deliver(side, chance(50) ? SIZE_MAX : 1 + below(20'000));
    else if (action < 58)
        advance(std::chrono::microseconds(below(20'000)));
    else if (action < 59)
        side.session.ping(m_now);
    else if (action < 60 && m_longJumps)
        advance(std::chrono::seconds(below(200)));
    else if (action < 61 && chance(5)) {
        side.session.goAway(GoAwayCode::Normal);
        side.saidGoAway = true;
    } else if (!end)
        open(side);
    else if (action < 80)
        write(*end, someSize());
    else if (action < 90)
        read(*end, someSize());
    else if (action < 94)
        finish(*end);
    else if (action < 96)
        reset(*end);
    else if (action < 97)
        side.session.setUrgent(end->stream->id);
    else
        acceptEnd(*end);
    drainEvents(side);
}

// From here on all read, finish and deliver; time passes as far as bytes need to arrive.
void Model::settle()
{
    m_calm = true;
    for (int round = 0; round < 20'000; ++round) {
        for (auto& side : m_sides) {
            settleStreams(*side);
            take(*side, SIZE_MAX);
        }
        if (const auto arrival = nextArrival())
            advance(std::max(Duration::zero(), *arrival - m_now));
        for (auto& side : m_sides)
            deliver(*side, SIZE_MAX);
        if (settled())
            break;
    }
    require(settled(), "stalled: not every stream came to its end");
    for (auto& side : m_sides) {
        require(side->session.queuedBytes() == 0, "payload left in the queue");
        require(side->session.unreadBytes() == 0, "unread bytes left over");
        require(side->pool.bytesInUse() == 0, "buffers left over");
        require(side->ends.empty(), "an end without its last event");
    }
}

bool Model::settled() const
{
    return std::all_of(m_sides.begin(), m_sides.end(), [](const auto& side) {
        return side->session.streamCount() == 0 && side->incoming.empty() &&
               !side->session.hasOutput();
    });
}

void Model::settleStreams(Side& side)
{
    const auto ends = side.ends; // some of them end on the way
    for (End* end : ends) {
        if (!end->live)
            continue;
        acceptEnd(*end);
        read(*end, SIZE_MAX);
        finish(*end);
    }
    drainEvents(side);
}

// --- commands ---

void Model::open(Side& side)
{
    const auto id = side.session.openStream(m_now);
    if (!id) {
        require(id.error() != OpenError::SessionFailed, "open on a failed session");
        return;
    }
    require(!m_streams.contains(*std::as_const(id)), "id used twice");
    auto stream = std::make_unique<Stream>();
    stream->id = *std::as_const(id);
    stream->openedAt = m_now;
    for (int i : {0, 1}) {
        stream->ends[i].stream = stream.get();
        stream->ends[i].side = m_sides[i].get();
        stream->ends[i].other = &stream->ends[1 - i];
    }
    End& end = stream->ends[&side == m_sides[0].get() ? 0 : 1];
    end.live = end.accepted = true;
    side.ends.push_back(&end);
    side.session.setContext(stream->id, &end);
    m_streams[stream->id] = std::move(stream);
    ++m_stats.streams;
}

void Model::acceptEnd(End& end)
{
    if (!end.accepted)
        end.side->session.accept(end.stream->id);
    end.accepted = true;
}

void Model::write(End& end, size_t n)
{
    if (end.wantsFinish)
        return;
    end.toSend += n;
    continueWriting(end);
}

void Model::continueWriting(End& end)
{
    Session& session = end.side->session;
    const StreamId id = end.stream->id;
    while (end.toSend > 0 && !end.blocked) {
        size_t n = std::min(end.toSend, LongestPiece);
        const char* from = pattern(end.stream->salt(*end.side) + end.written);
        size_t taken = 0;
        if (chance(50)) {
            taken = session.write(id, asBytes({from, n}));
        } else {
            // The other form: a slice of a block of the pool.
            const Buffer buffer = end.side->pool.acquire(n);
            n = std::min(n, buffer.capacity());
            std::memcpy(buffer.data(), from, n);
            Slice slice(buffer, 0, n);
            taken = session.write(id, slice);
            require(slice.size() == n - taken, "slice does not say what was left");
        }
        end.accepted = end.accepted || taken > 0;
        end.written += taken;
        end.toSend -= taken;
        end.blocked = taken < n;
        m_stats.waits += end.blocked;
    }
    if (end.wantsFinish && end.toSend == 0 && !end.finished) {
        end.finished = true;
        end.finishedAt = m_now;
        session.finish(id);
    }
}

void Model::finish(End& end)
{
    end.wantsFinish = true;
    continueWriting(end);
}

void Model::reset(End& end)
{
    end.stream->aborted = true;
    end.side->session.reset(end.stream->id);
    endStream(end);
}

void Model::read(End& end, size_t n)
{
    const size_t taken = std::min(n, end.unread);
    end.unread -= taken;
    end.accepted = end.accepted || taken > 0;
    end.side->session.consumed(end.stream->id, taken, m_now);
    m_stats.grownWindows += end.side->session.receiveWindow(end.stream->id) > InitialWindow;
}

void Model::take(Side& side, size_t maxBytes)
{
    ByteQueue out(side.pool);
    const size_t moved = side.session.takeOutput(out, maxBytes);
    require(moved == out.size(), "takeOutput counts wrongly");
    if (moved > 0) {
        std::string bytes = out.peekText();
        side.wire.check(bytes, m_config.maxFrame, side.parity);
        side.peer->incoming.push_back({m_now + m_delay, std::move(bytes)});
    }
    drainEvents(side);
}

void Model::deliver(Side& to, size_t maxBytes)
{
    std::string bytes;
    while (!to.incoming.empty() && to.incoming.front().arrives <= m_now && maxBytes > 0) {
        std::string& first = to.incoming.front().bytes;
        const size_t n = std::min(first.size(), maxBytes);
        bytes += first.substr(0, n);
        maxBytes -= n;
        if (n == first.size())
            to.incoming.pop_front();
        else
            first.erase(0, n);
    }
    // An exact copy on the heap, so that reading beyond it is noticed.
    const auto exact = std::make_unique<char[]>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), exact.get());
    to.session.receive(asBytes({exact.get(), bytes.size()}), m_now);
    drainEvents(to);
}

void Model::advance(Duration by)
{
    m_now += by;
    fireTimers();
}

void Model::fireTimers()
{
    for (auto& side : m_sides) {
        const auto deadline = side->session.nextDeadline();
        if (!deadline || *deadline > m_now)
            continue;
        side->session.handleTimeout(m_now);
        const auto next = side->session.nextDeadline();
        require(!next || *next > m_now, "a deadline that does not go away");
        drainEvents(*side);
    }
}

std::optional<TimePoint> Model::nextArrival() const
{
    std::optional<TimePoint> next;
    for (const auto& side : m_sides)
        if (!side->incoming.empty())
            next = earliest(next, side->incoming.front().arrives);
    return next;
}

// --- events ---

void Model::drainEvents(Side& side)
{
    while (auto event = side.session.nextEvent())
        std::visit([&](const auto& e) { handle(side, e); }, *event);
}

void Model::handle(Side& side, const StreamOpened& e)
{
    const auto it = m_streams.find(e.id);
    require(it != m_streams.end(), "a stream that nobody opened");
    End& end = it->second->ends[&side == m_sides[0].get() ? 0 : 1];
    require(e.id % 2 != side.parity && !end.live, "opened twice");
    require(!side.saidGoAway, "opened after go-away");
    end.live = true;
    side.ends.push_back(&end);
    side.session.setContext(e.id, &end);
    if (m_calm || chance(60))
        acceptEnd(end);
    else if (chance(10))
        reset(end);
    else if (chance(30))
        write(end, someSize());
}

void Model::handle(Side& side, const StreamAccepted& e)
{
    const End& end = endOf(side, e.id, e.context);
    require(end.other->accepted || end.other->wantsFinish || !end.other->live,
            "accepted by nobody");
}

void Model::handle(Side& side, const Data& e)
{
    End& end = endOf(side, e.id, e.context);
    require(!end.finishSeen, "bytes after the end");
    const size_t n = e.bytes.size();
    require(n > 0, "an event without bytes");
    require(end.received + n <= end.other->written, "more bytes than were written");
    const char* expected = pattern(end.stream->salt(*end.other->side) + end.received);
    require(std::memcmp(e.bytes.data(), expected, n) == 0, "wrong bytes");
    end.received += n;
    end.unread += n;
    m_stats.bytes += n;
    if (m_calm || chance(50))
        read(end, SIZE_MAX);
    else if (chance(1))
        reset(end);
    else if (chance(10))
        write(end, someSize());
}

void Model::handle(Side& side, const StreamFinished& e)
{
    End& end = endOf(side, e.id, e.context);
    require(!end.finishSeen, "finished twice");
    require(end.other->finished, "finished by nobody");
    require(end.received == end.other->written, "bytes missing at the end");
    end.finishSeen = true;
}

void Model::handle(Side& side, const StreamReset& e)
{
    End& end = endOf(side, e.id, e.context);
    checkReason(end, e.reason);
    end.stream->aborted = true;
    ++m_stats.resets;
    endStream(end);
}

void Model::handle(Side& side, const StreamClosed& e)
{
    End& end = endOf(side, e.id, e.context);
    require(end.finished && end.finishSeen, "closed with a half open");
    ++m_stats.closed;
    endStream(end);
}

void Model::handle(Side& side, const StreamWritable& e)
{
    End& end = endOf(side, e.id, e.context);
    require(end.blocked, "nobody waited for room");
    require(side.session.writable(e.id) > 0, "room that is none");
    end.blocked = false;
    continueWriting(end);
}

void Model::handle(Side&, const PingAnswered& e)
{
    require(e.roundTrip >= 2 * m_delay, "a round trip faster than the pipes");
}

void Model::handle(Side& side, const GoAwayReceived&)
{
    require(side.peer->saidGoAway, "a go-away that nobody sent");
}

void Model::handle(Side&, const SessionFailed& e)
{
    throw ModelError(std::string("session failed: ") + toString(e.error) + " " + e.detail);
}

Model::End& Model::endOf(Side& side, StreamId id, void* context)
{
    End* end = static_cast<End*>(context);
    require(end && end->side == &side && end->stream->id == id, "wrong context");
    require(end->live, "an event after the last one");
    return *end;
}

void Model::endStream(End& end)
{
    end.live = false;
    end.unread = 0;
    std::erase(end.side->ends, &end);
}

void Model::checkReason(const End& end, ResetReason reason)
{
    switch (reason) {
    case ResetReason::ByPeer:
        // Without an own decision of the other end, it must have refused the open.
        require(end.stream->aborted || !end.other->live, "reset by nobody");
        m_stats.refused += !end.stream->aborted;
        break;
    case ResetReason::OpenTimeout:
        require(m_now - end.stream->openedAt >= m_config.openTimeout, "time-out too early");
        ++m_stats.timeouts;
        break;
    case ResetReason::CloseTimeout:
        require(end.finished && m_now - end.finishedAt >= m_config.closeTimeout,
                "time-out too early");
        ++m_stats.timeouts;
        break;
    case ResetReason::UnreadLimit:
        require(m_config.unreadLimit < 1024 * 1024, "limit not reached");
        ++m_stats.unreadLimits;
        break;
    }
}

Model::End* Model::anyEnd(Side& side)
{
    if (side.ends.empty())
        return nullptr;
    return side.ends[below(static_cast<uint32_t>(side.ends.size()))];
}

size_t Model::someSize()
{
    const uint32_t kind = below(100);
    const uint32_t most = kind < 50 ? 300 : kind < 85 ? 8000 : kind < 98 ? 60'000 : 900'000;
    return std::min<size_t>(1 + below(most), m_largestWrite);
}

} // namespace sallyport::mux
