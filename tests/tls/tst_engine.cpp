// Bytes through a pair of engines: handshake, data, ends.
#include "engine_pair.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace sallyport;
using namespace sallyport::tls;
using namespace sallyport::tls::test;

class TestEngine : public QObject
{
    Q_OBJECT

private slots:
    void opensOnBothSides();
    void worksWithEveryChunking_data();
    void worksWithEveryChunking();
    void agreesOnTheVersion_data();
    void agreesOnTheVersion();
    void choosesTheServersFavouriteProtocol();
    void goesOnWithoutAProtocolInCommon();
    void tellsTheServerTheName();
    void takesNothingToWriteBeforeItIsOpen();
    void gathersSmallPiecesIntoFullRecords();
    void writesNoMoreThanAsked();
    void readsIntoSmallBuffers();
    void keepsInputWhenAskedTo();
    void readsWhatStandsBeforeACloseNotify();
    void canStillWriteAfterThePeerClosed();
    void sendsCloseNotifyOnce();
    void tellsACutConnectionFromAClosedOne();
    void ownsNoBuffersWhileIdle();
    void sharesContextsBetweenThreads();
};

static std::string noise(size_t size, unsigned seed)
{
    std::mt19937 random(seed);
    std::string text(size, '\0');
    std::generate(text.begin(), text.end(), [&] { return static_cast<char>(random()); });
    return text;
}

void TestEngine::opensOnBothSides()
{
    EnginePair pair;
    QCOMPARE(pair.client.state(), State::Handshaking);
    pair.run();
    QVERIFY(pair.open());
    QCOMPARE(pair.client.version(), std::string_view("TLSv1.3"));
    QCOMPARE(pair.client.cipher(), std::string_view("TLS_AES_128_GCM_SHA256"));
    QVERIFY(!pair.client.resumed());
    const auto certificate = pair.client.peerCertificate();
    QVERIFY(certificate.has_value());
    QCOMPARE(certificate->subject, std::string("CN=sallyport"));
    QCOMPARE(certificate->pin, spkiPin(relayKeys().chainPem).value());
    QVERIFY(!pair.server.peerCertificate().has_value());
}

void TestEngine::worksWithEveryChunking_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("size");
    QTest::newRow("whole") << 0 << 3'000'000;
    QTest::newRow("byte by byte") << 1 << 40'000;
    for (int seed = 2; seed < 12; ++seed)
        QTest::addRow("random, seed %d", seed) << seed << 1'000'000;
}

void TestEngine::worksWithEveryChunking()
{
    QFETCH(int, kind);
    QFETCH(int, size);
    const auto seed = static_cast<unsigned>(kind);
    const Chunking chunking = kind == 0   ? whole()
                              : kind == 1 ? bytewise()
                                          : randomly(seed, kind % 2 ? 40'000 : 300);
    EnginePair pair;
    pair.run(chunking);
    QVERIFY(pair.open());

    const std::string up = noise(static_cast<size_t>(size), seed);
    const std::string down = noise(static_cast<size_t>(size), seed + 100);
    ByteQueue upward(pair.pool), downward(pair.pool);
    upward.append(asBytes(up));
    downward.append(asBytes(down));
    std::mt19937 random(seed);
    while (!upward.empty() || !downward.empty()) {
        pair.client.write(upward, random() % 100'000);
        pair.server.write(downward, random() % 100'000);
        pair.run(chunking);
    }
    QVERIFY(pair.atServer == up);
    QVERIFY(pair.atClient == down);
}

void TestEngine::agreesOnTheVersion_data()
{
    QTest::addColumn<bool>("clientWants13");
    QTest::addColumn<bool>("serverWants13");
    QTest::newRow("both take 1.2") << false << false;
    QTest::newRow("client asks for 1.3") << true << false;
    QTest::newRow("server asks for 1.3") << false << true;
}

void TestEngine::agreesOnTheVersion()
{
    QFETCH(bool, clientWants13);
    QFETCH(bool, serverWants13);
    ClientConfig config = clientConfig();
    config.minimum = clientWants13 ? Version::Tls13 : Version::Tls12;
    EnginePair pair(
        Context::client(config).value(),
        serverContext(relayKeys(), {}, serverWants13 ? Version::Tls13 : Version::Tls12));
    QVERIFY(pair.run().open());
    QCOMPARE(pair.server.version(), std::string_view("TLSv1.3"));
}

void TestEngine::choosesTheServersFavouriteProtocol()
{
    EnginePair pair(clientContext({"http/1.1", "h2", "sallyport/1"}),
                    serverContext(relayKeys(), {"sallyport/1", "http/1.1"}));
    QVERIFY(pair.run().open());
    QCOMPARE(pair.client.alpn(), std::string_view("sallyport/1"));
    QCOMPARE(pair.server.alpn(), std::string_view("sallyport/1"));
}

void TestEngine::goesOnWithoutAProtocolInCommon()
{
    EnginePair pair(clientContext({"smtp"}), serverContext(relayKeys(), {"sallyport/1"}));
    QVERIFY(pair.run().open());
    QCOMPARE(pair.client.alpn(), std::string_view());
    QCOMPARE(pair.server.alpn(), std::string_view());
}

void TestEngine::tellsTheServerTheName()
{
    EnginePair named;
    QVERIFY(named.run().open());
    QCOMPARE(named.server.serverName(), std::string("relay.example.com"));
    QCOMPARE(named.client.serverName(), std::string("relay.example.com"));

    // RFC 6066 section 3 allows no addresses there.
    EnginePair address(clientContext(), serverContext(), "127.0.0.1");
    QVERIFY(address.run().open());
    QCOMPARE(address.server.serverName(), std::string());
}

void TestEngine::takesNothingToWriteBeforeItIsOpen()
{
    EnginePair pair;
    ByteQueue plain(pair.pool);
    plain.append(asBytes("early"));
    QCOMPARE(pair.client.write(plain), size_t(0));
    QCOMPARE(pair.client.write(asBytes("early")), size_t(0));
    QCOMPARE(plain.size(), size_t(5));
    pair.client.shutdown();
    QVERIFY(!pair.client.shutdownSent());
    QVERIFY(pair.run().open());
    QCOMPARE(pair.client.write(plain), size_t(5));
    pair.run();
    QCOMPARE(pair.atServer, std::string("early"));
}

void TestEngine::gathersSmallPiecesIntoFullRecords()
{
    EnginePair pair;
    pair.run();
    // As a multiplexer writes: a header of 12 bytes, then a slice of 64 KiB; 64 times.
    ByteQueue plain(pair.pool);
    std::string expected;
    for (int i = 0; i < 64; ++i) {
        Buffer block = pair.pool.acquire(BufferPool::LargeBlock);
        std::fill_n(reinterpret_cast<char*>(block.data()), block.capacity(), static_cast<char>(i));
        plain.append(asBytes(std::string(12, 'h')));
        plain.append(Slice(block, 0, block.capacity()));
        expected += std::string(12, 'h') + std::string(block.capacity(), static_cast<char>(i));
    }
    const size_t size = plain.size();
    QCOMPARE(pair.client.write(plain), size);
    QVERIFY(plain.empty());
    // RFC 8446 section 5.2: five bytes of header, one of inner type, sixteen of tag.
    const size_t records = (size + Engine::RecordSize - 1) / Engine::RecordSize;
    QCOMPARE(pair.client.output().size(), size + records * 22);
    pair.run();
    QVERIFY(pair.atServer == expected);
}

void TestEngine::writesNoMoreThanAsked()
{
    EnginePair pair;
    pair.run();
    ByteQueue plain(pair.pool);
    plain.append(asBytes(std::string(100'000, 'x')));
    QCOMPARE(pair.client.write(plain, 0), size_t(0));
    QCOMPARE(pair.client.write(plain, 1), size_t(1));
    QCOMPARE(pair.client.write(plain, 20'000), size_t(20'000));
    QCOMPARE(plain.size(), size_t(79'999));
    QCOMPARE(pair.client.output().size(), size_t(20'001 + 3 * 22));
    pair.run();
    QCOMPARE(pair.atServer.size(), size_t(20'001));
}

void TestEngine::readsIntoSmallBuffers()
{
    EnginePair pair;
    pair.run();
    const std::string sent = noise(50'000, 1);
    pair.client.write(asBytes(sent));
    const std::string wire = pair.client.output().peekText();
    pair.server.receive(asBytes(wire));
    std::string got;
    EnginePair::drain(pair.server, got, 7);
    QVERIFY(got == sent);
    QCOMPARE(pair.server.pendingInput(), size_t(0));
}

void TestEngine::keepsInputWhenAskedTo()
{
    EnginePair pair;
    pair.run();
    const std::string sent = noise(100'000, 2);
    pair.client.write(asBytes(sent));
    std::string got(30'000, '\0');
    {
        const std::string wire = pair.client.output().peekText();
        pair.client.output().clear();
        pair.server.receive(asBytes(wire));
        const auto n = pair.server.read({reinterpret_cast<std::byte*>(got.data()), got.size()});
        QCOMPARE(n, got.size());
        pair.server.keepInput();
        QVERIFY(pair.server.pendingInput() > 0);
    }
    // New bytes queue behind those that were kept.
    pair.client.write(asBytes("behind"));
    const std::string wire = pair.client.output().peekText();
    pair.server.receive(asBytes(wire));
    EnginePair::drain(pair.server, got);
    QVERIFY(got == sent + "behind");
    QCOMPARE(pair.server.pendingInput(), size_t(0));
}

void TestEngine::readsWhatStandsBeforeACloseNotify()
{
    EnginePair pair;
    pair.run();
    pair.client.write(asBytes("last words"));
    pair.client.shutdown();
    pair.run();
    QCOMPARE(pair.atServer, std::string("last words"));
    QCOMPARE(pair.server.state(), State::PeerClosed);
    pair.server.receiveEof();
    EnginePair::drain(pair.server, pair.atServer);
    QCOMPARE(pair.server.state(), State::PeerClosed);
}

void TestEngine::canStillWriteAfterThePeerClosed()
{
    EnginePair pair;
    pair.run();
    pair.client.shutdown();
    pair.run();
    QCOMPARE(pair.server.write(asBytes("answer")), size_t(6));
    pair.server.shutdown();
    pair.run();
    QCOMPARE(pair.atClient, std::string("answer"));
    QCOMPARE(pair.client.state(), State::PeerClosed);
}

void TestEngine::sendsCloseNotifyOnce()
{
    EnginePair pair;
    pair.run();
    pair.client.shutdown();
    const size_t size = pair.client.output().size();
    QVERIFY(size > 0);
    QVERIFY(pair.client.shutdownSent());
    pair.client.shutdown();
    QCOMPARE(pair.client.output().size(), size);
    QCOMPARE(pair.client.write(asBytes("too late")), size_t(0));
}

void TestEngine::tellsACutConnectionFromAClosedOne()
{
    EnginePair pair;
    pair.run();
    pair.client.write(asBytes("half of it"));
    pair.run();
    pair.server.receiveEof();
    EnginePair::drain(pair.server, pair.atServer);
    QCOMPARE(pair.atServer, std::string("half of it"));
    QCOMPARE(pair.server.state(), State::Failed);
    QCOMPARE(pair.server.error().code, ErrorCode::Truncated);
    QVERIFY(pair.server.handshakeDone());
}

void TestEngine::ownsNoBuffersWhileIdle()
{
    EnginePair pair;
    pair.run();
    pair.client.write(asBytes(noise(100'000, 3)));
    pair.run();
    QCOMPARE(pair.pool.bytesInUse(), size_t(0));
}

void TestEngine::sharesContextsBetweenThreads()
{
    const auto client = clientContext({"sallyport/1"});
    const auto server = serverContext(relayKeys(), {"sallyport/1"});
    std::atomic<int> opened = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int round = 0; round < 20; ++round) {
                EnginePair pair(client, server);
                pair.run();
                pair.client.write(asBytes("hello"));
                pair.run();
                opened += pair.open() && pair.atServer == "hello";
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(opened.load(), 80);
}

QTEST_APPLESS_MAIN(TestEngine)
#include "tst_engine.moc"
