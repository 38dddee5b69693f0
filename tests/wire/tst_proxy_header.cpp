#include <sallyport/wire/proxy_header.h>

#include <QByteArray>
#include <QTest>

#include <array>
#include <cstring>

using namespace sallyport;
using namespace sallyport::wire;

class TestProxyHeader : public QObject
{
    Q_OBJECT

private slots:
    void writesTheBytesOfTheSpecification_data();
    void writesTheBytesOfTheSpecification();
    void readsBackWhatItWrote_data();
    void readsBackWhatItWrote();
    void differentFamiliesBecomeUnspecified();
    void refusesToWriteTextsOverTheirLimits();
    void theLargestHeaderFits();
    void readsAHeaderAtEverySplit();
    void leavesThePayloadToTheStream();
    void skipsUnknownTlvsAndPadding();
    void readsAnEmptyTlsWhenTheClientHadNone();
    void ignoresTheAddressesOfALocalHeader();
    void ignoresUnixAddresses();
    void rejectsBadHeaders_data();
    void rejectsBadHeaders();
    void noticesAnotherProtocolAtItsFirstByte();
};

namespace {

constexpr const char* SignatureHex = "0d0a0d0a000d0a515549540a";

Endpoint v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint16_t port)
{
    Endpoint endpoint;
    endpoint.family = Endpoint::Family::V4;
    endpoint.address = {std::byte{a}, std::byte{b}, std::byte{c}, std::byte{d}};
    endpoint.port = port;
    return endpoint;
}

Endpoint v6(uint8_t last, uint16_t port)
{
    Endpoint endpoint;
    endpoint.family = Endpoint::Family::V6;
    endpoint.address = {std::byte{0x20}, std::byte{0x01}, std::byte{0x0d}, std::byte{0xb8}};
    endpoint.address[15] = std::byte{last};
    endpoint.port = port;
    return endpoint;
}

ProxyHeader full()
{
    ProxyHeader header;
    header.visitor = v4(192, 0, 2, 1, 51000);
    header.relay = v4(198, 51, 100, 7, 443);
    header.authority = "api.example.com";
    header.requestId = "r-0001";
    header.tls = ProxyTls{"TLSv1.3", false};
    header.tunnelId = 7;
    return header;
}

std::string encoded(const ProxyHeader& header)
{
    std::array<std::byte, MaxProxyHeader> buffer;
    return std::string(asText(ByteView(buffer).first(encodeProxyHeader(header, buffer))));
}

std::string fromHex(const QByteArray& hex)
{
    return QByteArray::fromHex(hex).toStdString();
}

} // namespace

Q_DECLARE_METATYPE(ProxyHeader)

void TestProxyHeader::writesTheBytesOfTheSpecification_data()
{
    QTest::addColumn<ProxyHeader>("header");
    QTest::addColumn<QByteArray>("hex");
    const auto row = [](const char* name, const ProxyHeader& header, const QByteArray& hex) {
        QTest::newRow(name) << header << SignatureHex + hex;
    };
    ProxyHeader header;
    header.visitor = v4(192, 0, 2, 1, 51000);
    header.relay = v4(198, 51, 100, 7, 443);
    row("IPv4", header, "21 11 000c c0000201 c6336407 c738 01bb");

    header.datagram = true;
    row("IPv4 datagram", header, "21 12 000c c0000201 c6336407 c738 01bb");

    ProxyHeader six;
    six.visitor = v6(1, 1);
    six.relay = v6(2, 80);
    row("IPv6", six,
        "21 21 0024 20010db8000000000000000000000001 20010db8000000000000000000000002 0001 0050");

    row("unspecified", ProxyHeader(), "21 00 0000");
    ProxyHeader local;
    local.local = true;
    local.tunnelId = 0x01020304;
    row("local", local, "20 00 0007 e0000401020304");

    row("all TLVs", full(),
        "21 11 0040 c0000201 c6336407 c738 01bb"
        "02000f 6170692e6578616d706c652e636f6d" // authority
        "050006 722d30303031"                   // unique id
        "20000f 01 00000001 210007 544c5376312e33"
        "e00004 00000007");
}

void TestProxyHeader::writesTheBytesOfTheSpecification()
{
    QFETCH(ProxyHeader, header);
    QFETCH(QByteArray, hex);
    QCOMPARE(QByteArray::fromStdString(encoded(header)).toHex(), QByteArray::fromHex(hex).toHex());
}

void TestProxyHeader::readsBackWhatItWrote_data()
{
    QTest::addColumn<ProxyHeader>("header");
    QTest::newRow("full") << full();
    QTest::newRow("unspecified") << ProxyHeader();
    ProxyHeader six = full();
    six.visitor = v6(9, 65535);
    six.relay = v6(8, 1);
    six.datagram = true;
    six.tls = ProxyTls{"", true};
    QTest::newRow("IPv6 datagram") << six;
    ProxyHeader passed = full();
    passed.tls.reset();
    passed.alpn = "h2";
    QTest::newRow("TLS passed through") << passed;
    passed.alpn = {};
    passed.plainHttp = true;
    QTest::newRow("plain HTTP of a tls tunnel") << passed;
    ProxyHeader local;
    local.local = true;
    local.authority = "health";
    QTest::newRow("local") << local;
}

void TestProxyHeader::readsBackWhatItWrote()
{
    QFETCH(ProxyHeader, header);
    const std::string bytes = encoded(header);
    const auto parsed = parseProxyHeader(asBytes(bytes));
    QVERIFY(parsed.ok());
    QCOMPARE(parsed.value().size, bytes.size());
    if (header.visitor.family == Endpoint::Family::Unspecified)
        header.datagram = false; // an unspecified family has no transport
    QVERIFY(parsed.value().header == header);
}

void TestProxyHeader::differentFamiliesBecomeUnspecified()
{
    ProxyHeader header = full();
    header.relay = v6(1, 443);
    const std::string bytes = encoded(header);
    const auto parsed = parseProxyHeader(asBytes(bytes));
    QVERIFY(parsed.value().header.visitor == Endpoint());
    QCOMPARE(*parsed.value().header.tunnelId, 7u);
}

void TestProxyHeader::refusesToWriteTextsOverTheirLimits()
{
    const std::string authority(MaxProxyAuthority + 1, 'a'), id(MaxProxyRequestId + 1, 'i'),
        version(MaxProxyTlsVersion + 1, 'v');
    ProxyHeader header;
    header.authority = authority;
    QCOMPARE(encoded(header), "");
    header.authority = {};
    header.alpn = authority;
    QCOMPARE(encoded(header), "");
    header.alpn = {};
    header.requestId = id;
    QCOMPARE(encoded(header), "");
    header.requestId = {};
    header.tls = ProxyTls{version, false};
    QCOMPARE(encoded(header), "");
}

void TestProxyHeader::theLargestHeaderFits()
{
    const std::string authority(MaxProxyAuthority, 'a'), id(MaxProxyRequestId, 'i'),
        version(MaxProxyTlsVersion, 'v');
    ProxyHeader header = full();
    header.visitor = header.relay = v6(1, 1);
    header.authority = authority;
    header.requestId = id;
    header.tls = ProxyTls{version, true};
    header.alpn = authority;
    header.plainHttp = true;
    const std::string bytes = encoded(header);
    QVERIFY(!bytes.empty() && bytes.size() <= 768);
    QVERIFY(parseProxyHeader(asBytes(bytes)).value().header == header);
}

void TestProxyHeader::readsAHeaderAtEverySplit()
{
    const std::string bytes = encoded(full());
    const std::string payload = "GET / HTTP/1.1\r\n";
    const std::string all = bytes + payload;
    for (size_t split = 0; split <= all.size(); ++split) {
        ProxyHeaderReader reader;
        const ByteView first = asBytes(all).first(split), second = asBytes(all).subspan(split);
        const auto a = reader.feed(first);
        QVERIFY(a.ok());
        const auto b = reader.feed(second);
        QVERIFY(b.ok() && reader.done());
        QCOMPARE(a.value() + b.value(), bytes.size());
        QVERIFY(reader.header() == full());
        QCOMPARE(asText(reader.raw()), bytes);
    }

    ProxyHeaderReader slow;
    for (size_t i = 0; i < bytes.size(); ++i) {
        QVERIFY(!slow.done());
        QCOMPARE(slow.feed(asBytes(bytes).subspan(i, 1)).value(), 1u);
    }
    QVERIFY(slow.done() && slow.header() == full());
}

void TestProxyHeader::leavesThePayloadToTheStream()
{
    const std::string bytes = encoded(full());
    ProxyHeaderReader reader;
    QCOMPARE(reader.feed(asBytes(bytes + std::string(5000, 'x'))).value(), bytes.size());
    QCOMPARE(reader.feed(asBytes("more")).value(), 0u);
}

void TestProxyHeader::skipsUnknownTlvsAndPadding()
{
    const std::string bytes = fromHex(QByteArray(SignatureHex) +
                                      "21 00 0015 040003000000 ee0001ff 030004deadbeef 020001 61");
    const auto parsed = parseProxyHeader(asBytes(bytes));
    QVERIFY(parsed.ok());
    QCOMPARE(parsed.value().header.authority, "a");
}

void TestProxyHeader::readsAnEmptyTlsWhenTheClientHadNone()
{
    const std::string bytes = fromHex(QByteArray(SignatureHex) + "21 00 0008 200005 00 00000001");
    QVERIFY(!parseProxyHeader(asBytes(bytes)).value().header.tls);
}

void TestProxyHeader::ignoresTheAddressesOfALocalHeader()
{
    const std::string bytes =
        fromHex(QByteArray(SignatureHex) + "20 11 000c c0000201 c6336407 c738 01bb");
    const auto parsed = parseProxyHeader(asBytes(bytes));
    QVERIFY(parsed.value().header.local);
    QVERIFY(parsed.value().header.visitor == Endpoint());
}

void TestProxyHeader::ignoresUnixAddresses()
{
    const std::string bytes =
        fromHex(QByteArray(SignatureHex) + "21 31 00dc" + QByteArray(216 * 2, '0') + "020001 61");
    const auto parsed = parseProxyHeader(asBytes(bytes));
    QVERIFY(parsed.value().header.visitor == Endpoint());
    QCOMPARE(parsed.value().header.authority, "a");
}

void TestProxyHeader::rejectsBadHeaders_data()
{
    QTest::addColumn<QByteArray>("hex");
    QTest::addColumn<int>("error");
    const auto row = [](const char* name, const QByteArray& hex, ProxyError error) {
        QTest::newRow(name) << hex << static_cast<int>(error);
    };
    const QByteArray s = SignatureHex;
    row("version 1 header", QByteArray("PROXY TCP4 ").toHex(), ProxyError::BadSignature);
    row("last byte of the signature", "0d0a0d0a000d0a515549540b", ProxyError::BadSignature);
    row("version 1", s + "11 11 0000", ProxyError::BadVersion);
    row("version 3", s + "31 11 0000", ProxyError::BadVersion);
    row("command 2", s + "22 11 0000", ProxyError::BadVersion);
    row("family 4", s + "21 41 0000", ProxyError::BadFamily);
    row("transport 3", s + "21 13 000c", ProxyError::BadFamily);
    row("over the limit", s + "21 11 03f1", ProxyError::TooLong);
    row("as long as can be", s + "21 11 ffff", ProxyError::TooLong);
    row("IPv4 cut off", s + "21 11 000b", ProxyError::BadLength);
    row("IPv6 cut off", s + "21 21 0023", ProxyError::BadLength);
    row("TLV header cut off", s + "21 00 0002 0200", ProxyError::BadLength);
    row("TLV beyond the end", s + "21 00 0004 020002 61", ProxyError::BadLength);
    row("tunnel id of three bytes", s + "21 00 0006 e00003 000001", ProxyError::BadLength);
    row("tunnel id of five bytes", s + "21 00 0008 e00005 0000000001", ProxyError::BadLength);
    row("short TLS", s + "21 00 0007 200004 01000000", ProxyError::BadLength);
    row("sub-TLV beyond the end", s + "21 00 000c 200009 01 00000000 210002 61",
        ProxyError::BadLength);
    row("long request id", s + "21 00 0084 050081" + QByteArray(129 * 2, '0'),
        ProxyError::BadLength);
}

void TestProxyHeader::rejectsBadHeaders()
{
    QFETCH(QByteArray, hex);
    QFETCH(int, error);
    const std::string bytes = fromHex(hex);
    const auto parsed = parseProxyHeader(asBytes(bytes));
    QVERIFY(!parsed);
    QCOMPARE(static_cast<int>(parsed.error()), error);
    QVERIFY(!describe(parsed.error()).empty());
    ProxyHeaderReader reader;
    QVERIFY(!reader.feed(asBytes(bytes)));
}

void TestProxyHeader::noticesAnotherProtocolAtItsFirstByte()
{
    QVERIFY(parseProxyHeader(asBytes("G")).error() == ProxyError::BadSignature);
    QCOMPARE(parseProxyHeader({}).value().size, 0u);
}

QTEST_APPLESS_MAIN(TestProxyHeader)
#include "tst_proxy_header.moc"
