// Arbitrary bytes at a server's and at a client's session, cut anywhere, with answers and resets
// between. Beside sanitizers it checks that every head that comes out is one for the strict reader,
// and that nothing is said after the end.
#include <sallyport/http/head_reader.h>
#include <sallyport/http2/session.h>

#include <cstdlib>

using namespace sallyport;
using namespace sallyport::http2;

static void serve(Session& session, const Head& head, uint8_t choice)
{
    if (head.fault != HeadFault::None)
        return session.reset(head.id, ErrorCode::Cancel);
    http::RequestReader requests;
    http::RequestHead request;
    const auto status = requests.read(asBytes(head.text), request);
    if (status == http::ReadStatus::NeedMore)
        std::abort();
    if (choice % 3 == 0)
        return session.reset(head.id, ErrorCode::Cancel);
    http::ResponseReader answers;
    http::ResponseHead answer;
    static constexpr std::string_view text = "HTTP/1.1 200 OK\r\n\r\n";
    answers.read(asBytes(text), {}, answer);
    session.answer(head.id, answer, choice % 3 == 1);
    session.write(head.id, asBytes(text));
    session.finish(head.id, choice % 2 == 0 ? "x: y\r\n" : "");
}

static void run(Role role, ByteView bytes, uint8_t choice)
{
    BufferPool pool;
    Config config;
    config.maxHead = 2000;
    config.maxStreams = 5;
    TimePoint now{};
    Session session(role, config, pool, now);
    ByteQueue out(pool);
    if (role == Role::Server) {
        session.receive(asBytes(Preface), now);
        while (session.nextEvent()) {
        }
    } else {
        http::RequestReader reader;
        http::RequestHead head;
        static constexpr std::string_view text = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        reader.read(asBytes(text), head);
        for (int i = 0; i < 3; ++i)
            session.request(head, true, nullptr);
    }
    bool failed = false;
    while (!bytes.empty()) {
        const size_t n = std::min<size_t>(bytes.size(), 1 + (choice % 64));
        session.receive(bytes.first(n), now);
        while (const auto event = session.nextEvent()) {
            if (failed)
                std::abort();
            failed = std::holds_alternative<Failed>(*event);
            if (const auto* head = std::get_if<Head>(&*event); head && role == Role::Server)
                serve(session, *head, choice++);
            if (const auto* data = std::get_if<Data>(&*event))
                session.consumed(data->id, data->bytes.size());
        }
        session.takeOutput(out, SIZE_MAX);
        out.clear();
        bytes = bytes.subspan(n);
    }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size < 2)
        return 0;
    const ByteView bytes(reinterpret_cast<const std::byte*>(data + 1), size - 1);
    run(Role::Server, bytes, data[0]);
    run(Role::Client, bytes, data[0]);
    return 0;
}
