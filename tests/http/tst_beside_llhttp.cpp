// Our readers beside another parser: whatever ours accept, llhttp in its strict mode must read with
// the same start line, fields, body and end. (The other way round llhttp accepts more; that is why
// ours exist.)
#include "llhttp_stream.h"
#include "mutations.h"

#include <sallyport/http/head_writer.h>

#include <QTest>

#include <llhttp.h>

using namespace sallyport;
using namespace sallyport::http;

class TestBesideLlhttp : public QObject
{
    Q_OBJECT

private slots:
    void readsValidRequestsAlike();
    void readsValidResponsesAlike();
    void readsTheSameInPiecesOfAnySize();
    void agreesOnMutatedRequests();
    void agreesOnMutatedResponses();
    void writesRequestsThatBothReadAlike();
    void showsWhatLlhttpMakesOfTheHostileTable();
};

static const std::vector<Method> ResponseMethods{Method::Get, Method::Head};
static constexpr int Mutations = 20000;

static QByteArray report(const std::string& difference, const std::string& bytes)
{
    return QByteArray::fromStdString(difference) + "\n  " +
           QByteArray::fromStdString(bytes).toPercentEncoding(" /:=;,\"*?");
}

static void compareRequests(const std::string& bytes)
{
    const std::string difference =
        differenceToLlhttp(bytes, readRequests(bytes), readRequestsByLlhttp(bytes));
    QVERIFY2(difference.empty(), report(difference, bytes));
}

static void compareResponses(const std::string& bytes, Method method)
{
    const ResponseContext context{method, true};
    const std::string difference = differenceToLlhttp(bytes, readResponses(bytes, context),
                                                      readResponsesByLlhttp(bytes, context));
    QVERIFY2(difference.empty(), report(difference, bytes));
}

void TestBesideLlhttp::readsValidRequestsAlike()
{
    for (const std::string& bytes : validRequests()) {
        const ReadConnection ours = readRequests(bytes);
        QVERIFY2(!ours.refused() && !ours.messages.empty(), report("refused", bytes));
        QVERIFY2(ours.messages.back().last || ours.messages.back().end == bytes.size(),
                 report("not read to the end", bytes));
        QCOMPARE(readRequestsByLlhttp(bytes).messages.size(), ours.messages.size());
        compareRequests(bytes);
    }
}

void TestBesideLlhttp::readsValidResponsesAlike()
{
    for (const std::string& bytes : validResponses()) {
        const ReadConnection ours = readResponses(bytes, {Method::Get, true});
        QVERIFY2(!ours.refused() && !ours.messages.empty(), report("refused", bytes));
        compareResponses(bytes, Method::Get);
    }
}

void TestBesideLlhttp::readsTheSameInPiecesOfAnySize()
{
    for (const std::string& bytes : validRequests()) {
        const ReadConnection whole = readRequests(bytes);
        QVERIFY(readRequests(bytes, {1}) == whole);
        for (size_t cut = 1; cut < bytes.size(); ++cut)
            QVERIFY(readRequests(bytes, {cut, SIZE_MAX}) == whole);
    }
    for (const std::string& bytes : validResponses()) {
        for (Method method : ResponseMethods) {
            const ResponseContext context{method, true};
            const ReadConnection whole = readResponses(bytes, context);
            QVERIFY(readResponses(bytes, context, {1}) == whole);
            for (size_t cut = 1; cut < bytes.size(); ++cut)
                QVERIFY(readResponses(bytes, context, {cut, SIZE_MAX}) == whole);
        }
    }
}

void TestBesideLlhttp::agreesOnMutatedRequests()
{
    std::mt19937 random(1);
    const auto corpus = validRequests();
    int accepted = 0;
    for (int i = 0; i < Mutations; ++i) {
        const std::string bytes =
            mutate(corpus[random() % corpus.size()], corpus[random() % corpus.size()], random);
        compareRequests(bytes);
        if (QTest::currentTestFailed())
            return;
        const ReadConnection whole = readRequests(bytes);
        accepted += whole.refused() ? 0 : 1;
        const size_t cut = 1 + random() % bytes.size();
        QVERIFY2(readRequests(bytes, {cut, SIZE_MAX}) == whole, report("differs when cut", bytes));
        QVERIFY2(readRequests(bytes, {1}) == whole, report("differs byte by byte", bytes));
    }
    // The mutations must neither be harmless nor all be refused for the test to say anything.
    QVERIFY(accepted > Mutations / 20 && accepted < Mutations * 9 / 10);
}

void TestBesideLlhttp::agreesOnMutatedResponses()
{
    std::mt19937 random(2);
    const auto corpus = validResponses();
    for (int i = 0; i < Mutations; ++i) {
        const std::string bytes =
            mutate(corpus[random() % corpus.size()], corpus[random() % corpus.size()], random);
        const Method method = ResponseMethods[random() % ResponseMethods.size()];
        compareResponses(bytes, method);
        if (QTest::currentTestFailed())
            return;
        const ResponseContext context{method, true};
        QVERIFY2(readResponses(bytes, context, {1}) == readResponses(bytes, context),
                 report("differs byte by byte", bytes));
    }
}

// What goes to the upstream: llhttp must see one request with the visitor's framing.
void TestBesideLlhttp::writesRequestsThatBothReadAlike()
{
    std::mt19937 random(3);
    const auto corpus = validRequests();
    RequestReader reader;
    RequestHead head;
    for (int i = 0; i < Mutations; ++i) {
        const std::string bytes =
            mutate(corpus[random() % corpus.size()], corpus[random() % corpus.size()], random);
        reader.reset();
        if (reader.read(asBytes(bytes), head) != ReadStatus::Complete ||
            head.method == Method::Connect)
            continue;
        BodyReader body(head.body);
        const size_t bodySize = body.pass(asBytes(bytes).subspan(head.size));
        if (!body.complete() || (head.version == Version::Http10 && head.authority.empty()))
            continue;
        std::string out;
        writeRequestHead(head,
                         {.peer = "192.0.2.1",
                          .scheme = "https",
                          .requestId = "id",
                          .trustedPeer = (i & 1) != 0},
                         out);
        out += bytes.substr(head.size, bodySize);
        const std::string followed = out + "GET /next HTTP/1.1\r\nHost: next\r\n\r\n";
        const ReadConnection ours = readRequests(followed);
        QVERIFY2(!ours.messages.empty() && ours.messages[0].end == out.size(),
                 report("ends elsewhere", out));
        compareRequests(followed);
        if (QTest::currentTestFailed())
            return;
    }
}

// Not a test of llhttp: versions differ, and get mended. The verdicts are printed for whoever
// compares.
void TestBesideLlhttp::showsWhatLlhttpMakesOfTheHostileTable()
{
    const std::pair<const char*, const char*> rows[] = {
        {"bare CR after an empty value", "X:\rTransfer-Encoding: chunked\r\n"},
        {"obs-fold", "X: a\r\n Content-Length: 5\r\n"},
        {"length and coding", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"},
        {"signed length", "Content-Length: +1\r\n"},
        {"space before colon", "X : 5\r\n"},
        {"LF-only line", "X: a\nY: b\r\n"},
        {"coding with a prefix", "Transfer-Encoding: xchunked\r\n"},
        {"coding not last", "Transfer-Encoding: chunked, identity\r\n"},
        {"two Hosts", "Host: b\r\n"},
    };
    for (const auto& [name, fields] : rows) {
        const std::string bytes =
            "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n0\r\n\r\n";
        QVERIFY(readRequests(bytes).messages.empty());
        const LlhttpConnection theirs = readRequestsByLlhttp(bytes);
        qInfo("llhttp %d.%d: %s: %s", LLHTTP_VERSION_MAJOR, LLHTTP_VERSION_MINOR, name,
              theirs.messages.empty() ? theirs.error.c_str() : "accepted");
    }
}

QTEST_APPLESS_MAIN(TestBesideLlhttp)
#include "tst_beside_llhttp.moc"
