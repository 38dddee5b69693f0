// Hellos of real clients (tests/fuzz/corpus/fuzz_client_hello), and others built by hand.
#include "hello_builder.h"

#include <sallyport/tls/client_hello.h>

#include <QFile>
#include <QTest>

using namespace sallyport;
using namespace sallyport::tls;
using namespace sallyport::tls::test;

class TestClientHello : public QObject
{
    Q_OBJECT

private slots:
    void readsRealClients_data();
    void readsRealClients();
    void readsOneByteAtATime_data();
    void readsOneByteAtATime();
    void readsAnySplitIntoRecords();
    void readsPostQuantumKeySharesOverSeveralRecords();
    void ignoresGreaseAndUnknownExtensions();
    void makesNamesCanonical_data();
    void makesNamesCanonical();
    void refusesNamesThatAreNoHostNames_data();
    void refusesNamesThatAreNoHostNames();
    void readsHellosWithoutExtensions();
    void keepsTheOrderOfProtocols();
    void refusesAtOnce_data();
    void refusesAtOnce();
    void tellsWhatIsNotTls_data();
    void tellsWhatIsNotTls();
    void endsAtItsLimit();
    void waitsForMoreUpToItsLimit();
    void servesManyConnectionsInTurn();
    void writesAlertRecords();
};

static HelloStatus readAll(ClientHelloReader& reader, std::string_view bytes)
{
    // What the reader found refers to the bytes, which are often a temporary of the caller's.
    static std::string kept;
    kept = bytes;
    return reader.read(asBytes(kept));
}

static std::string captured(const QString& name)
{
    QFile file(CLIENT_HELLOS "/" + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s: %s", qPrintable(file.fileName()), qPrintable(file.errorString()));
    return file.readAll().toStdString();
}

static std::string protocolsOf(const ClientHelloReader& reader)
{
    std::string all;
    reader.forEachProtocol([&](std::string_view protocol) { all += std::string(protocol) + " "; });
    return all;
}

static void addRealClients()
{
    QTest::addColumn<QString>("serverName");
    QTest::addColumn<QString>("protocols");
    QTest::newRow("openssl") << "app.acme.org"
                             << "h2 http/1.1 ";
    QTest::newRow("openssl_tls12") << "app.acme.org"
                                   << "";
    QTest::newRow("openssl_no_sni") << ""
                                    << "";
    QTest::newRow("curl") << "app.acme.org"
                          << "h2 http/1.1 ";
    QTest::newRow("python") << "app.acme.org"
                            << "";
    QTest::newRow("chromium") << "app.acme.org"
                              << "h2 http/1.1 ";
}

void TestClientHello::readsRealClients_data()
{
    addRealClients();
}

void TestClientHello::readsRealClients()
{
    QFETCH(QString, serverName);
    QFETCH(QString, protocols);
    ClientHelloReader reader;
    QCOMPARE(readAll(reader, captured(QTest::currentDataTag())), HelloStatus::Complete);
    QCOMPARE(std::string(reader.serverName()), serverName.toStdString());
    QCOMPARE(protocolsOf(reader), protocols.toStdString());
}

void TestClientHello::readsOneByteAtATime_data()
{
    addRealClients();
}

void TestClientHello::readsOneByteAtATime()
{
    QFETCH(QString, serverName);
    const std::string bytes = captured(QTest::currentDataTag());
    ClientHelloReader reader;
    for (size_t n = 0; n < bytes.size(); ++n)
        QCOMPARE(readAll(reader, bytes.substr(0, n)), HelloStatus::NeedMore);
    QCOMPARE(readAll(reader, bytes), HelloStatus::Complete);
    QCOMPARE(std::string(reader.serverName()), serverName.toStdString());
    // Early data may follow at once, and changes nothing.
    QCOMPARE(readAll(reader, bytes + record("early", 23)), HelloStatus::Complete);
    QCOMPARE(std::string(reader.serverName()), serverName.toStdString());
}

void TestClientHello::readsAnySplitIntoRecords()
{
    const std::string whole = helloMessage(serverName("app.acme.org") + alpn({"h2"}));
    ClientHelloReader reader;
    for (size_t size = 1; size <= whole.size(); ++size) {
        const std::string bytes = inRecords(whole, size);
        QCOMPARE(readAll(reader, bytes.substr(0, bytes.size() - 1)), HelloStatus::NeedMore);
        QCOMPARE(readAll(reader, bytes), HelloStatus::Complete);
        QCOMPARE(std::string(reader.serverName()), "app.acme.org");
        QVERIFY(reader.offers("h2"));
    }
}

void TestClientHello::readsPostQuantumKeySharesOverSeveralRecords()
{
    const std::string whole =
        helloMessage(extension(51, std::string(20'000, 'k')) + serverName("app.acme.org"));
    ClientHelloReader reader;
    QCOMPARE(readAll(reader, inRecords(whole, 16 * 1024)), HelloStatus::Complete);
    QCOMPARE(std::string(reader.serverName()), "app.acme.org");
}

void TestClientHello::ignoresGreaseAndUnknownExtensions()
{
    // RFC 8701: reserved values anywhere, protocols included.
    const std::string bytes =
        hello(extension(0x0a0a, {}) + alpn({"\x1a\x1a", "h2"}) + extension(0xfafa, "x") +
              serverName("app.acme.org") + extension(21, std::string(200, '\0')));
    ClientHelloReader reader;
    QCOMPARE(readAll(reader, bytes), HelloStatus::Complete);
    QCOMPARE(std::string(reader.serverName()), "app.acme.org");
    QVERIFY(reader.offers("h2"));
    QVERIFY(!reader.offers("http/1.1"));
}

void TestClientHello::makesNamesCanonical_data()
{
    QTest::addColumn<QString>("sent");
    QTest::addColumn<QString>("expected");
    QTest::newRow("upper case") << "App.ACME.org"
                                << "app.acme.org";
    QTest::newRow("final dot") << "app.acme.org."
                               << "app.acme.org";
    QTest::newRow("underscore") << "a_b.acme.org"
                                << "a_b.acme.org";
    QTest::newRow("one label") << "localhost"
                               << "localhost";
    QTest::newRow("punycode") << "xn--bcher-kva.example"
                              << "xn--bcher-kva.example";
    QTest::newRow("IPv4 counts as none") << "192.0.2.1"
                                         << "";
    QTest::newRow("IPv6 counts as none") << "2001:db8::1"
                                         << "";
    QTest::newRow("longest label") << QString(63, 'a') + ".org" << QString(63, 'a') + ".org";
}

void TestClientHello::makesNamesCanonical()
{
    QFETCH(QString, sent);
    QFETCH(QString, expected);
    ClientHelloReader reader;
    QCOMPARE(readAll(reader, hello(serverName(sent.toStdString()))), HelloStatus::Complete);
    QCOMPARE(std::string(reader.serverName()), expected.toStdString());
}

void TestClientHello::refusesNamesThatAreNoHostNames_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::newRow("NUL inside") << QByteArray("app.acme.org\0.evil", 18);
    QTest::newRow("space") << QByteArray("app acme.org");
    QTest::newRow("slash") << QByteArray("../etc");
    QTest::newRow("line end") << QByteArray("app.acme.org\r\nX: y");
    QTest::newRow("not ASCII") << QByteArray("b\xc3\xbc"
                                             "cher.example");
    QTest::newRow("wildcard") << QByteArray("*.acme.org");
    QTest::newRow("port") << QByteArray("app.acme.org:443");
    QTest::newRow("dot alone") << QByteArray(".");
    QTest::newRow("empty label") << QByteArray("app..org");
    QTest::newRow("dot first") << QByteArray(".acme.org");
    QTest::newRow("two final dots") << QByteArray("acme.org..");
    QTest::newRow("label of 64") << QByteArray(64, 'a') + ".org";
    QTest::newRow("over 253") << QByteArray("abc.").repeated(63) + "org";
}

void TestClientHello::refusesNamesThatAreNoHostNames()
{
    QFETCH(QByteArray, sent);
    ClientHelloReader reader;
    QCOMPARE(readAll(reader, hello(serverName(sent.toStdString()))), HelloStatus::Malformed);
    QCOMPARE(reader.alert(), Alert::IllegalParameter);
    QVERIFY(reader.serverName().empty());
    QVERIFY(!reader.reason().empty());
}

void TestClientHello::readsHellosWithoutExtensions()
{
    ClientHelloReader reader;
    QCOMPARE(readAll(reader, record(message(helloStart()))), HelloStatus::Complete);
    QVERIFY(reader.serverName().empty());
    QCOMPARE(readAll(reader, hello({})), HelloStatus::Complete);
    QVERIFY(reader.serverName().empty());
    QVERIFY(protocolsOf(reader).empty());
}

void TestClientHello::keepsTheOrderOfProtocols()
{
    ClientHelloReader reader;
    QCOMPARE(readAll(reader, hello(alpn({"sallyport/1", "h2", "http/1.1"}))),
             HelloStatus::Complete);
    QCOMPARE(protocolsOf(reader), "sallyport/1 h2 http/1.1 ");
    QVERIFY(reader.offers("sallyport/1"));
    QVERIFY(!reader.offers("sallyport"));
    QVERIFY(!reader.offers(""));
}

void TestClientHello::refusesAtOnce_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Alert>("alert");
    const auto add = [](const char* name, const std::string& bytes, Alert alert) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << alert;
    };
    const std::string start = helloStart();
    const std::string half = helloMessage(serverName("app.acme.org")).substr(0, 40);
    add("ServerHello", record(message(start, 2)), Alert::UnexpectedMessage);
    add("HelloRequest", record(message({}, 0)), Alert::UnexpectedMessage);
    add("an alert inside", record(half) + record("\x02\x50", 21), Alert::UnexpectedMessage);
    add("data inside", record(half) + record("x", 23), Alert::UnexpectedMessage);
    add("another version inside", record(half) + "\x16\x02", Alert::DecodeError);
    add("an empty record", record({}), Alert::DecodeError);
    add("an empty record inside", record(half) + record({}), Alert::DecodeError);
    add("a record of 16 KiB and 1", "\x16\x03\x01" + number(16 * 1024 + 1, 2),
        Alert::RecordOverflow);
    add("a second message behind it", record(helloMessage({}) + message({}, 0)),
        Alert::UnexpectedMessage);
    add("announces 16 MiB", record("\x01\xff\xff\xff"), Alert::IllegalParameter);
    add("announces over 32 KiB", record(number(1, 1) + number(33'000, 3)), Alert::IllegalParameter);
    add("empty message", record(message({})), Alert::DecodeError);
    add("random cut", record(message(start.substr(0, 20))), Alert::DecodeError);
    add("session id of 33",
        record(message(number(0x0303, 2) + std::string(32, 'r') + vec(std::string(33, 's'), 1) +
                       vec("\x13\x01", 2) + vec(std::string(1, '\0'), 1))),
        Alert::DecodeError);
    add("no ciphers",
        record(message(number(0x0303, 2) + std::string(32, 'r') + vec({}, 1) + vec({}, 2) +
                       vec(std::string(1, '\0'), 1))),
        Alert::DecodeError);
    add("half a cipher",
        record(message(number(0x0303, 2) + std::string(32, 'r') + vec({}, 1) + vec("abc", 2) +
                       vec(std::string(1, '\0'), 1))),
        Alert::DecodeError);
    add("no compression",
        record(message(number(0x0303, 2) + std::string(32, 'r') + vec({}, 1) + vec("\x13\x01", 2) +
                       vec({}, 1))),
        Alert::DecodeError);
    add("extensions too short for their place",
        record(message(start + vec(serverName("a.org"), 2) + "x")), Alert::DecodeError);
    add("extensions too long for their place", record(message(start + number(200, 2) + "x")),
        Alert::DecodeError);
    add("half an extensions length", record(message(start + "x")), Alert::DecodeError);
    add("extension too long", hello(number(0x0a0a, 2) + number(5, 2) + "x"), Alert::DecodeError);
    add("half an extension", hello("\x0a\x0a\x01"), Alert::DecodeError);
    add("two server name extensions", hello(serverName("a.org") + serverName("a.org")),
        Alert::IllegalParameter);
    add("two protocol extensions", hello(alpn({"h2"}) + alpn({"h2"})), Alert::IllegalParameter);
    add("two names", hello(extension(0, vec(nameEntry("a.org") + nameEntry("b.org"), 2))),
        Alert::IllegalParameter);
    add("no names", hello(extension(0, vec({}, 2))), Alert::DecodeError);
    add("empty name extension", hello(extension(0, {})), Alert::DecodeError);
    add("empty name", hello(serverName({})), Alert::DecodeError);
    add("name too long", hello(extension(0, vec(number(0, 1) + number(9, 2) + "a.org", 2))),
        Alert::DecodeError);
    add("something behind the names", hello(extension(0, vec(nameEntry("a.org"), 2) + "x")),
        Alert::DecodeError);
    add("no protocols", hello(extension(16, vec({}, 2))), Alert::DecodeError);
    add("an empty protocol", hello(alpn({"h2", ""})), Alert::DecodeError);
    add("a protocol too long", hello(extension(16, vec("\x09h2", 2))), Alert::DecodeError);
    add("something behind the protocols", hello(extension(16, vec("\x02h2", 2) + "x")),
        Alert::DecodeError);
}

void TestClientHello::refusesAtOnce()
{
    QFETCH(QByteArray, bytes);
    QFETCH(Alert, alert);
    const std::string text = bytes.toStdString();
    ClientHelloReader reader;
    QCOMPARE(readAll(reader, text), HelloStatus::Malformed);
    QCOMPARE(reader.alert(), alert);
    QVERIFY(reader.serverName().empty());
    // Fewer bytes say the same or nothing; more say the same.
    for (size_t n = 0; n < text.size(); ++n) {
        const HelloStatus early = readAll(reader, text.substr(0, n));
        QVERIFY(early == HelloStatus::NeedMore || early == HelloStatus::Malformed);
    }
    QCOMPARE(readAll(reader, text + std::string(50'000, '\x16')), HelloStatus::Malformed);
}

void TestClientHello::tellsWhatIsNotTls_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("HTTP") << QByteArray("GET / HTTP/1.1\r\n");
    QTest::newRow("SSLv2 hello") << QByteArray("\x80\x2e\x01\x03\x01");
    QTest::newRow("alert first") << QByteArray("\x15\x03\x01");
    QTest::newRow("another version") << QByteArray("\x16\x02");
    QTest::newRow("zero") << QByteArray("\0", 1);
}

void TestClientHello::tellsWhatIsNotTls()
{
    QFETCH(QByteArray, bytes);
    ClientHelloReader reader;
    QCOMPARE(readAll(reader, bytes.toStdString()), HelloStatus::NotTls);
}

void TestClientHello::endsAtItsLimit()
{
    ClientHelloReader reader;
    // In records of one byte the headers count too: 6,000 of them are over 32 KiB.
    const std::string whole = helloMessage(extension(51, std::string(6'000, 'k')));
    QCOMPARE(readAll(reader, inRecords(whole, 1)), HelloStatus::Malformed);
    QCOMPARE(readAll(reader, inRecords(whole, 2)), HelloStatus::Complete);

    ClientHelloReader small(400);
    QCOMPARE(readAll(small, hello(extension(51, std::string(400, 'k')))), HelloStatus::Malformed);
    QCOMPARE(readAll(small, hello(extension(51, std::string(200, 'k')))), HelloStatus::Complete);
}

// Whoever buffers for the reader needs no more than its limit to get a decision.
void TestClientHello::waitsForMoreUpToItsLimit()
{
    const std::string whole = helloMessage(extension(51, std::string(6'000, 'k')));
    for (size_t size : {1u, 2u, 3u, 5u, 100u, 16'384u}) {
        const std::string bytes = inRecords(whole, size);
        for (size_t limit : {5u, 6u, 64u, 1'000u, 4'096u}) {
            ClientHelloReader reader(limit);
            QVERIFY(readAll(reader, bytes.substr(0, limit)) != HelloStatus::NeedMore);
        }
    }
}

void TestClientHello::servesManyConnectionsInTurn()
{
    ClientHelloReader reader;
    const std::string split =
        inRecords(helloMessage(serverName("long.acme.org") + alpn({"h2"})), 7);
    QCOMPARE(readAll(reader, split), HelloStatus::Complete);
    QCOMPARE(readAll(reader, hello(serverName("b.org"))), HelloStatus::Complete);
    QCOMPARE(std::string(reader.serverName()), "b.org");
    QVERIFY(!reader.offers("h2"));
    QCOMPARE(readAll(reader, hello({})), HelloStatus::Complete);
    QVERIFY(reader.serverName().empty());
    QCOMPARE(readAll(reader, split), HelloStatus::Complete);
    QCOMPARE(readAll(reader, {}), HelloStatus::NeedMore);
    QVERIFY(reader.serverName().empty());
}

void TestClientHello::writesAlertRecords()
{
    QCOMPARE(std::string(asText(alertRecord(Alert::UnrecognizedName))),
             std::string("\x15\x03\x03\x00\x02\x02\x70", 7));
}

QTEST_APPLESS_MAIN(TestClientHello)
#include "tst_client_hello.moc"
