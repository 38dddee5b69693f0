#include "request_tap.h"

#include <chrono>
#include <utility>

namespace sallyport::agent {

namespace {

http::HeadLimits limits()
{
    http::HeadLimits limits;
    limits.head = RequestTap::HeadLimit;
    limits.target = RequestTap::HeadLimit;
    return limits;
}

} // namespace

RequestTap::RequestTap(RequestLog& log, std::string tunnel)
    : m_log(log), m_tunnel(std::move(tunnel)), m_requests(limits()), m_responses(limits())
{}

void RequestTap::bytesToSocket(ByteView bytes)
{
    pass(m_in, bytes, [this](ByteView head) { return readRequest(head); });
}

void RequestTap::bytesFromSocket(ByteView bytes)
{
    pass(m_out, bytes, [this](ByteView head) { return readResponse(head); });
}

// `readHead` returns the size of a whole head, or 0 when there is none yet.
template <typename ReadHead>
void RequestTap::pass(Direction& direction, ByteView bytes, ReadHead readHead)
{
    while (!m_blind && !bytes.empty()) {
        if (direction.inBody) {
            if (!passBody(direction, bytes))
                return;
            continue;
        }
        if (direction.partial.empty()) {
            const size_t used = readHead(bytes);
            if (used == 0 && !m_blind)
                direction.partial = asText(bytes);
            if (used == 0)
                return;
            bytes = bytes.subspan(used);
            continue;
        }
        const size_t before = direction.partial.size();
        direction.partial.append(asText(bytes));
        const size_t used = readHead(asBytes(direction.partial));
        if (used == 0)
            return;
        direction.partial.clear();
        bytes = bytes.subspan(used - before);
    }
}

// False when all bytes were used up.
bool RequestTap::passBody(Direction& direction, ByteView& bytes)
{
    bytes = bytes.subspan(direction.body.pass(bytes));
    if (direction.body.failed())
        goBlind();
    else if (direction.body.complete())
        direction.inBody = false;
    return !bytes.empty();
}

size_t RequestTap::readRequest(ByteView bytes)
{
    http::RequestHead head;
    const http::ReadStatus status = m_requests.read(bytes, head);
    if (status == http::ReadStatus::NeedMore)
        return 0;
    if (status == http::ReadStatus::Error || m_outstanding.size() == MaxOutstanding) {
        goBlind();
        return 0;
    }
    m_requests.reset();
    Outstanding request;
    request.number = m_log.begin(m_tunnel, head.methodName, head.target);
    request.context = {head.method, head.upgrade};
    request.begun = Clock::now();
    m_outstanding.push_back(request);
    m_in.body = http::BodyReader(head.body);
    m_in.inBody = !m_in.body.complete();
    return head.size;
}

size_t RequestTap::readResponse(ByteView bytes)
{
    if (m_outstanding.empty()) {
        goBlind(); // an answer to nothing
        return 0;
    }
    const Outstanding request = m_outstanding.front();
    http::ResponseHead head;
    const http::ReadStatus status = m_responses.read(bytes, request.context, head);
    if (status == http::ReadStatus::NeedMore)
        return 0;
    if (status == http::ReadStatus::Error) {
        goBlind();
        return 0;
    }
    m_responses.reset();
    if (head.interim())
        return head.size;
    m_outstanding.pop_front();
    m_log.answer(
        request.number, head.status,
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - request.begun));
    if (head.status == 101) {
        goBlind();
        return 0;
    }
    m_out.body = http::BodyReader(head.body);
    m_out.inBody = !m_out.body.complete();
    return head.size;
}

void RequestTap::goBlind()
{
    m_blind = true;
    m_in = {};
    m_out = {};
    m_outstanding.clear();
}

} // namespace sallyport::agent
