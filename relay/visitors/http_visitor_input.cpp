// What comes from a visitor: heads, bodies, what is sent ahead, and its end. Only as much is read
// as the phase has use for.
#include "visitors/answers.h"
#include "visitors/http_visitor.h"
#include "visitors/routing.h"

#include <algorithm>

namespace sallyport::relay {

namespace {

// Read while an answer is under way: enough for pipelined requests, and to hear the visitor leave.
constexpr size_t ReadAheadLimit = 16 * 1024;
// Bodies are read in blocks; from this size on a block is passed on by reference.
constexpr size_t ReferenceFrom = 16 * 1024;
constexpr int ReadsPerTurn = 8;
// Read and thrown away after an answer that ends the connection: more than the kernel's buffers
// hold of an upload.
constexpr size_t LingerLimit = 16 * 1024 * 1024;

} // namespace

void HttpVisitor::readMore()
{
    for (int i = 0; i < ReadsPerTurn; ++i) {
        if (m_phase == Phase::Ended || !m_channel.readable() || m_peerEnded)
            return;
        if (!readOnce())
            return;
    }
    m_channel.readAgain();
}

// Inside a callback of the link, whose bytes may stand in the thread's scratch: the body goes into
// a block of its own, anything else waits for a turn of ours.
void HttpVisitor::requestWanted()
{
    for (int i = 0; i < ReadsPerTurn; ++i) {
        if (m_phase != Phase::Exchange || !m_channel.readable() || m_peerEnded)
            return;
        if (m_exchange->requestComplete())
            break;
        if (!readOnce())
            return;
    }
    m_channel.readAgain();
}

// One read of what the phase wants; false when it wants nothing now or nothing is there.
bool HttpVisitor::readOnce()
{
    switch (m_phase) {
    case Phase::Exchange:
        return m_exchange->requestComplete() ? readAhead() : readBody();
    case Phase::Linger:
        return readLinger();
    case Phase::Waiting:
    case Phase::Filtering:
        return readAhead();
    case Phase::Ended:
        return false;
    case Phase::Head:
        break;
    }
    // Answers to requests that came before are to be taken first.
    if (outputLeft())
        return readAhead();
    const MutableByteView space = m_io.scratch();
    const VisitorChannel::Read read = m_channel.read(space);
    if (read.input == VisitorChannel::Input::Bytes)
        takeInput(space.first(read.bytes));
    return goOn(read);
}

// After a read: whether there may be more.
bool HttpVisitor::goOn(const VisitorChannel::Read& read)
{
    if (read.input == VisitorChannel::Input::Ended)
        inputEnded();
    return m_channel.readable();
}

bool HttpVisitor::readBody()
{
    const size_t room = m_exchange->requestRoom();
    if (room == 0)
        return false; // requestWanted() goes on
    Buffer& block = m_io.readBlock();
    const size_t wanted = std::min(room, block.capacity());
    const VisitorChannel::Read read = m_channel.read(block.space().first(wanted));
    if (read.input != VisitorChannel::Input::Bytes)
        return goOn(read);
    m_stats->bytesIn.add(read.bytes);
    if (!m_exchange->answerStarted())
        expect(limits().stallTimeout);

    const ByteView bytes = block.space().first(read.bytes);
    Slice slice(block, 0, read.bytes);
    const size_t used = read.bytes >= ReferenceFrom ? m_exchange->requestBytes(std::move(slice))
                                                    : m_exchange->requestBytes(bytes);
    if (m_phase != Phase::Exchange)
        return m_channel.readable();
    m_in.append(asText(bytes.subspan(used)));
    if (m_exchange->requestComplete())
        watchProgress();
    return m_channel.readable();
}

// Into m_in, up to a limit: pipelined requests, and the visitor's end.
bool HttpVisitor::readAhead()
{
    if (m_in.size() >= ReadAheadLimit + limits().head)
        return false;
    const MutableByteView space = m_io.scratch().first(ReadAheadLimit);
    const VisitorChannel::Read read = m_channel.read(space);
    m_in.append(asText(space.first(read.bytes)));
    return goOn(read);
}

bool HttpVisitor::readLinger()
{
    const VisitorChannel::Read read = m_channel.read(m_io.scratch());
    m_lingered += read.bytes;
    if (read.input != VisitorChannel::Input::Ended && m_lingered <= LingerLimit)
        return m_channel.readable();
    end();
    return false;
}

// The visitor sent its last byte, or broke.
void HttpVisitor::inputEnded()
{
    m_peerEnded = true;
    if (m_channel.socket().takeError().code != 0)
        return abort();
    switch (m_phase) {
    case Phase::Exchange:
        if (!m_exchange->requestComplete())
            return abort(); // a request broken off is passed on as an abort
        // Perhaps only its half: the answer may still be wanted.
        m_finishing = true;
        m_exchange->closeAfterwards();
        expect(HalfClosedPatience);
        return;
    case Phase::Waiting:
    case Phase::Filtering:
        m_finishing = true;
        return;
    case Phase::Head:
        if (!outputLeft())
            return end();
        return closeAfterOutput();
    case Phase::Linger:
        return end();
    case Phase::Ended:
        return;
    }
}

// --- heads ---

void HttpVisitor::takeInput(ByteView bytes)
{
    if (!m_in.empty()) {
        m_in.append(asText(bytes));
        return processInput();
    }
    m_processing = true;
    const size_t used = parseHead(bytes);
    m_processing = false;
    if (m_phase == Phase::Ended)
        return;
    m_in.append(asText(bytes.subspan(used)));
    processInput();
}

// Requests that are here already, one after the other (never one inside another).
void HttpVisitor::processInput()
{
    if (m_processing || m_phase != Phase::Head || outputLeft() || m_in.empty())
        return;
    m_processing = true;
    const std::string bytes = std::move(m_in);
    m_in.clear();
    size_t used = 0;
    while (m_phase == Phase::Head && !outputLeft() && used < bytes.size()) {
        const size_t n = parseHead(asBytes(bytes).subspan(used));
        if (m_phase == Phase::Ended)
            return;
        if (n == 0)
            break;
        used += n;
    }
    m_in.insert(0, bytes, used);
    m_processing = false;
}

// Handles one request at the front of the bytes; returns how many of them it used.
size_t HttpVisitor::parseHead(ByteView bytes)
{
    if (m_first && speaksHttp2(bytes))
        return bytes.size() < http2::Preface.size() ? 0 : (becomeHttp2(bytes), bytes.size());
    http::RequestHead& head = m_host.requestHead();
    const bool begun = m_reader.started();
    switch (m_reader.read(bytes, head)) {
    case http::ReadStatus::NeedMore:
        // From its first byte on: who sends one now and then gets no more time.
        if (!begun && m_reader.started())
            expect(limits().headTimeout);
        return 0;
    case http::ReadStatus::Error:
        answer(badHead(m_reader.error()), {});
        return bytes.size();
    case http::ReadStatus::Complete:
        break;
    }
    m_reader.reset();
    if (!std::exchange(m_retrying, false))
        m_tries = 0;
    m_used = head.size;
    handleRequest(head, bytes);
    // While waiting the bytes are kept in m_in; lingering, they are of no use.
    return m_phase == Phase::Exchange || m_phase == Phase::Head ? m_used : bytes.size();
}

// RFC 9113 section 3.3: prior knowledge. True also while it may still turn out so.
bool HttpVisitor::speaksHttp2(ByteView bytes)
{
    const std::string_view start = asText(bytes).substr(0, http2::Preface.size());
    m_first = m_host.shared().config.http2 && http2::Preface.starts_with(start);
    return m_first;
}

void HttpVisitor::becomeHttp2(ByteView bytes)
{
    H2Handover visitor;
    visitor.socket = m_channel.takeAway();
    visitor.peer = m_peer;
    visitor.pass = std::move(m_pass);
    visitor.input = asText(bytes);
    visitor.peerEnded = m_peerEnded;
    m_host.becomeHttp2(std::move(visitor));
    end();
}

} // namespace sallyport::relay
