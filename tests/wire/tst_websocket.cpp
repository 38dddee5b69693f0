#include <sallyport/wire/websocket.h>

#include <QByteArray>
#include <QTest>

#include <array>
#include <random>
#include <set>

using namespace sallyport;
using namespace sallyport::wire;

class TestWebSocket : public QObject
{
    Q_OBJECT

private slots:
    void masksLikeAByteAtATime();
    void writesTheHeadersOfTheRfc_data();
    void writesTheHeadersOfTheRfc();
    void readsTheExamplesOfTheRfc();
    void aClientMasksEachFrameAnew();
    void bytesArriveThroughEverySplit();
    void randomTrafficArrivesInOrder();
    void aServerMovesLargePiecesWithoutACopy();
    void handsOutPayloadBeforeTheFrameIsWhole();
    void readsFragmentsWithAPingBetween();
    void anEmptyFrameIsNoEvent();
    void answersOfControlFramesRoundTrip();
    void longReasonsAreCut();
    void nothingFollowsAClose();
    void rejectsBadFrames_data();
    void rejectsBadFrames();
    void takesTheLargestFrameAndNoLarger();
    void anErrorIsFinal();
    void closesWithTheRightCode();

private:
    BufferPool m_pool;

    std::string take(ByteQueue& queue)
    {
        std::string text = queue.peekText();
        queue.clear();
        return text;
    }
};

namespace {

struct Read
{
    std::string data;
    std::vector<std::string> pings, pongs;
    std::optional<WebSocketDecoder::Close> close;
    std::optional<WebSocketError> error;
};

// Feeds a copy of the bytes (they are unmasked in place) and gathers what comes out.
void decode(WebSocketDecoder& decoder, std::string bytes, Read& read)
{
    MutableByteView input(reinterpret_cast<std::byte*>(bytes.data()), bytes.size());
    for (;;) {
        auto event = decoder.next(input);
        if (!event) {
            read.error = event.error();
            return;
        }
        if (std::holds_alternative<WebSocketDecoder::NeedMore>(*event))
            return;
        if (const auto* data = std::get_if<WebSocketDecoder::Data>(&*event))
            read.data += asText(data->payload);
        else if (const auto* ping = std::get_if<WebSocketDecoder::Ping>(&*event))
            read.pings.emplace_back(asText(ping->payload));
        else if (const auto* pong = std::get_if<WebSocketDecoder::Pong>(&*event))
            read.pongs.emplace_back(asText(pong->payload));
        else
            read.close = std::get<WebSocketDecoder::Close>(*event);
    }
}

Read decodeAll(WebSocketRole role, const std::string& bytes)
{
    WebSocketDecoder decoder(role);
    Read read;
    decode(decoder, bytes, read);
    return read;
}

std::string randomBytes(std::mt19937& random, size_t n)
{
    std::string bytes(n, '\0');
    for (char& c : bytes)
        c = static_cast<char>(random());
    return bytes;
}

std::string fromHex(const QByteArray& hex)
{
    return QByteArray::fromHex(hex).toStdString();
}

} // namespace

void TestWebSocket::masksLikeAByteAtATime()
{
    std::mt19937 random(3);
    const std::array<std::byte, 4> mask = {std::byte{0x37}, std::byte{0xfa}, std::byte{0x21},
                                           std::byte{0x3d}};
    for (size_t n = 0; n < 70; ++n) {
        for (size_t offset = 0; offset < 4; ++offset) {
            const std::string plain = randomBytes(random, n + 3);
            // At addresses that are no multiple of eight, too.
            std::string bytes = plain;
            applyMask(MutableByteView(reinterpret_cast<std::byte*>(bytes.data()), bytes.size())
                          .subspan(3),
                      mask, offset);
            for (size_t i = 0; i < n; ++i)
                QCOMPARE(static_cast<uint8_t>(bytes[i + 3]),
                         static_cast<uint8_t>(static_cast<uint8_t>(plain[i + 3]) ^
                                              std::to_integer<uint8_t>(mask[(i + offset) & 3])));
        }
    }
}

void TestWebSocket::writesTheHeadersOfTheRfc_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<QByteArray>("server");
    QTest::addColumn<QByteArray>("client");
    QTest::newRow("0") << 0 << QByteArray("8200") << QByteArray("8280");
    QTest::newRow("125") << 125 << QByteArray("827d") << QByteArray("82fd");
    QTest::newRow("126") << 126 << QByteArray("827e007e") << QByteArray("82fe007e");
    QTest::newRow("256") << 256 << QByteArray("827e0100") << QByteArray("82fe0100");
    QTest::newRow("65535") << 65535 << QByteArray("827effff") << QByteArray("82feffff");
    QTest::newRow("65536") << 65536 << QByteArray("827f0000000000010000")
                           << QByteArray("82ff0000000000010000");
}

void TestWebSocket::writesTheHeadersOfTheRfc()
{
    QFETCH(int, size);
    QFETCH(QByteArray, server);
    QFETCH(QByteArray, client);
    const std::string payload(static_cast<size_t>(size), 'p');
    ByteQueue out(m_pool);
    WebSocketEncoder(WebSocketRole::Server, 0).encode(asBytes(payload), out);
    QCOMPARE(take(out), fromHex(server) + payload);
    WebSocketEncoder(WebSocketRole::Client, 1).encode(asBytes(payload), out);
    const std::string masked = take(out);
    QVERIFY(masked.starts_with(fromHex(client)));
    QCOMPARE(masked.size(), fromHex(client).size() + 4 + payload.size());
}

void TestWebSocket::readsTheExamplesOfTheRfc()
{
    // Section 5.7; the text frames there as binary ones.
    QCOMPARE(decodeAll(WebSocketRole::Client, fromHex("8205 48656c6c6f")).data, "Hello");
    QCOMPARE(decodeAll(WebSocketRole::Server, fromHex("8285 37fa213d 7f9f4d5158")).data, "Hello");
    QCOMPARE(decodeAll(WebSocketRole::Client, fromHex("0203 48656c 8002 6c6f")).data, "Hello");
    QCOMPARE(decodeAll(WebSocketRole::Client, fromHex("8905 48656c6c6f")).pings,
             std::vector<std::string>{"Hello"});
    QCOMPARE(decodeAll(WebSocketRole::Server, fromHex("8a85 37fa213d 7f9f4d5158")).pongs,
             std::vector<std::string>{"Hello"});
    const std::string k256(256, 'x'), k64(65536, 'y');
    QCOMPARE(decodeAll(WebSocketRole::Client, fromHex("827e0100") + k256).data, k256);
    QCOMPARE(decodeAll(WebSocketRole::Client, fromHex("827f0000000000010000") + k64).data, k64);
}

void TestWebSocket::aClientMasksEachFrameAnew()
{
    ByteQueue out(m_pool);
    WebSocketEncoder encoder(WebSocketRole::Client, 42);
    std::set<std::string> frames;
    for (int i = 0; i < 100; ++i) {
        encoder.encode(asBytes("same"), out);
        frames.insert(take(out));
    }
    QCOMPARE(frames.size(), 100u);
}

void TestWebSocket::bytesArriveThroughEverySplit()
{
    for (const WebSocketRole role : {WebSocketRole::Client, WebSocketRole::Server}) {
        const WebSocketRole other =
            role == WebSocketRole::Client ? WebSocketRole::Server : WebSocketRole::Client;
        ByteQueue out(m_pool);
        WebSocketEncoder encoder(role, 5);
        encoder.encode(asBytes("first"), out);
        encoder.ping(asBytes("are you there?"), out);
        encoder.encode(asBytes(std::string(300, 'z')), out);
        encoder.close(CloseCode::GoingAway, "bye", out);
        const std::string bytes = take(out);
        for (size_t split = 0; split <= bytes.size(); ++split) {
            WebSocketDecoder decoder(other);
            Read read;
            decode(decoder, bytes.substr(0, split), read);
            decode(decoder, bytes.substr(split), read);
            QVERIFY(!read.error);
            QCOMPARE(read.data, "first" + std::string(300, 'z'));
            QCOMPARE(read.pings, std::vector<std::string>{"are you there?"});
            QVERIFY(read.close && read.close->code == CloseCode::GoingAway);
        }
    }
}

void TestWebSocket::randomTrafficArrivesInOrder()
{
    for (uint32_t seed = 0; seed < 40; ++seed) {
        std::mt19937 random(seed);
        const bool client = (seed & 1) != 0;
        WebSocketEncoder encoder(client ? WebSocketRole::Client : WebSocketRole::Server, seed);
        WebSocketDecoder decoder(client ? WebSocketRole::Server : WebSocketRole::Client);
        ByteQueue payload(m_pool), out(m_pool);
        std::string sent;
        for (int i = 0; i < 20; ++i) {
            const std::string bytes = randomBytes(random, random() % 70000);
            sent += bytes;
            payload.append(asBytes(bytes));
            encoder.encodeFrom(payload, i == 19 ? payload.size() : random() % (payload.size() + 1),
                               out);
        }
        QVERIFY(payload.empty());
        const std::string bytes = take(out);
        Read read;
        for (size_t at = 0; at < bytes.size();) {
            const size_t n = 1 + random() % 10000;
            decode(decoder, bytes.substr(at, n), read);
            at += n;
        }
        QVERIFY(!read.error);
        QVERIFY2(read.data == sent, std::to_string(seed).c_str());
    }
}

void TestWebSocket::aServerMovesLargePiecesWithoutACopy()
{
    ByteQueue payload(m_pool), out(m_pool);
    Buffer block = m_pool.acquire(BufferPool::LargeBlock);
    const std::byte* memory = block.data();
    payload.append(Slice(block, 0, block.capacity()));
    WebSocketEncoder(WebSocketRole::Server, 0).encodeFrom(payload, payload.size(), out);
    bool shared = false;
    out.forEachPiece([&](ByteView piece) {
        shared = shared || piece.data() == memory;
        return true;
    });
    QVERIFY(shared);
}

void TestWebSocket::handsOutPayloadBeforeTheFrameIsWhole()
{
    WebSocketDecoder decoder(WebSocketRole::Client);
    Read read;
    decode(decoder, fromHex("827f0000000000010000") + "abc", read);
    QCOMPARE(read.data, "abc");
}

void TestWebSocket::readsFragmentsWithAPingBetween()
{
    const Read read = decodeAll(WebSocketRole::Client, fromHex("020161 890170 000162 800163"));
    QVERIFY(!read.error);
    QCOMPARE(read.data, "abc");
    QCOMPARE(read.pings, std::vector<std::string>{"p"});
}

void TestWebSocket::anEmptyFrameIsNoEvent()
{
    const Read read = decodeAll(WebSocketRole::Client, fromHex("8200 8200 820161"));
    QCOMPARE(read.data, "a");
    // An empty ping is one, though its frame ends with its header.
    QCOMPARE(decodeAll(WebSocketRole::Client, fromHex("8900")).pings, std::vector<std::string>{""});
}

void TestWebSocket::answersOfControlFramesRoundTrip()
{
    ByteQueue out(m_pool);
    WebSocketEncoder encoder(WebSocketRole::Client, 9);
    const std::string longest(WebSocketEncoder::MaxControlPayload, 'p');
    encoder.ping(asBytes(longest), out);
    encoder.pong(asBytes(longest), out);
    encoder.close(CloseCode::None, {}, out);
    const Read read = decodeAll(WebSocketRole::Server, take(out));
    QCOMPARE(read.pings, std::vector<std::string>{longest});
    QCOMPARE(read.pongs, std::vector<std::string>{longest});
    QVERIFY(read.close->code == CloseCode::None);
}

void TestWebSocket::longReasonsAreCut()
{
    ByteQueue out(m_pool);
    WebSocketEncoder(WebSocketRole::Server, 0)
        .close(CloseCode::ProtocolError, std::string(500, 'r'), out);
    const std::string bytes = take(out);
    QCOMPARE(bytes.size(), 2u + 125);
    QVERIFY(decodeAll(WebSocketRole::Client, bytes).close->code == CloseCode::ProtocolError);
}

void TestWebSocket::nothingFollowsAClose()
{
    const Read read = decodeAll(WebSocketRole::Client, fromHex("880203e8 820161 ffff"));
    QVERIFY(read.close && !read.error);
    QCOMPARE(read.data, "");
}

void TestWebSocket::rejectsBadFrames_data()
{
    QTest::addColumn<QByteArray>("hex");
    QTest::addColumn<int>("error");
    QTest::addColumn<bool>("server");
    const auto row = [](const char* name, const char* hex, WebSocketError error,
                        bool server = false) {
        QTest::newRow(name) << QByteArray(hex) << static_cast<int>(error) << server;
    };
    row("RSV1", "c200", WebSocketError::ReservedBits);
    row("RSV2", "a200", WebSocketError::ReservedBits);
    row("RSV3", "9200", WebSocketError::ReservedBits);
    row("text", "810161", WebSocketError::BadOpcode);
    row("reserved data opcode", "8300", WebSocketError::BadOpcode);
    row("reserved control opcode", "8b00", WebSocketError::BadOpcode);
    row("a server that masks", "8281 00000000 61", WebSocketError::BadMask);
    row("a client that does not", "820161", WebSocketError::BadMask, true);
    row("a client's ping without mask", "8900", WebSocketError::BadMask, true);
    row("ping of 126 bytes", "897e007e", WebSocketError::ControlTooLong);
    row("ping in fragments", "0900", WebSocketError::ControlFragmented);
    row("continuation of nothing", "800161", WebSocketError::BadContinuation);
    row("continuation after the end", "820161 800162", WebSocketError::BadContinuation);
    row("a message within one", "020161 820162", WebSocketError::BadContinuation);
    row("length with its top bit set", "827f8000000000000000", WebSocketError::FrameTooBig);
    row("over the limit", "827f0000000001000001", WebSocketError::FrameTooBig);
    row("125 in two bytes", "827e007d", WebSocketError::NotMinimal);
    row("65535 in eight bytes", "827f000000000000ffff", WebSocketError::NotMinimal);
    row("close of one byte", "880103", WebSocketError::BadClose);
    row("close 999", "880203e7", WebSocketError::BadClose);
    row("close 1005", "880203ed", WebSocketError::BadClose);
    row("close 1006", "880203ee", WebSocketError::BadClose);
    row("close 2999", "88020bb7", WebSocketError::BadClose);
    row("close 5000", "88021388", WebSocketError::BadClose);
}

void TestWebSocket::rejectsBadFrames()
{
    QFETCH(QByteArray, hex);
    QFETCH(int, error);
    QFETCH(bool, server);
    const Read read =
        decodeAll(server ? WebSocketRole::Server : WebSocketRole::Client, fromHex(hex));
    QVERIFY(read.error.has_value());
    QCOMPARE(static_cast<int>(*read.error), error);
    QVERIFY(!describe(*read.error).empty());
}

void TestWebSocket::takesTheLargestFrameAndNoLarger()
{
    const auto read = [](const char* hex) {
        WebSocketDecoder decoder(WebSocketRole::Client, 1000);
        Read result;
        decode(decoder, fromHex(hex), result);
        return result;
    };
    QVERIFY(!read("827e03e8").error);
    QVERIFY(read("827e03e9").error == WebSocketError::FrameTooBig);
}

void TestWebSocket::anErrorIsFinal()
{
    WebSocketDecoder decoder(WebSocketRole::Client);
    Read read;
    decode(decoder, fromHex("8300"), read);
    read.error.reset();
    decode(decoder, fromHex("820161"), read);
    QVERIFY(read.error == WebSocketError::BadOpcode);
    QCOMPARE(read.data, "");
}

void TestWebSocket::closesWithTheRightCode()
{
    QVERIFY(closeCode(WebSocketError::BadOpcode) == CloseCode::Unacceptable);
    QVERIFY(closeCode(WebSocketError::FrameTooBig) == CloseCode::TooBig);
    QVERIFY(closeCode(WebSocketError::BadMask) == CloseCode::ProtocolError);
}

QTEST_APPLESS_MAIN(TestWebSocket)
#include "tst_websocket.moc"
