#include <sallyport/wire/base64.h>
#include <sallyport/wire/sha1.h>

#include <QByteArray>
#include <QCryptographicHash>
#include <QTest>

#include <random>

using namespace sallyport;
using namespace sallyport::wire;

class TestDigests : public QObject
{
    Q_OBJECT

private slots:
    void sha1GivesTheVectorsOfItsRfc_data();
    void sha1GivesTheVectorsOfItsRfc();
    void sha1AgreesWithAnotherAtEveryLength();
    void base64GivesTheVectorsOfItsRfc_data();
    void base64GivesTheVectorsOfItsRfc();
    void base64RoundTripsAnyBytes();
    void base64UrlHasItsOwnAlphabetAndNoPadding();
    void base64RefusesWhatIsNotCanonical_data();
    void base64RefusesWhatIsNotCanonical();
};

namespace {

QByteArray sha1Hex(const std::string& text)
{
    const auto digest = sha1(asBytes(text));
    return QByteArray(reinterpret_cast<const char*>(digest.data()), int(digest.size())).toHex();
}

} // namespace

void TestDigests::sha1GivesTheVectorsOfItsRfc_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("times");
    QTest::addColumn<QByteArray>("digest");
    // RFC 3174, section 7.3
    QTest::newRow("abc") << QByteArray("abc") << 1
                         << QByteArray("a9993e364706816aba3e25717850c26c9cd0d89d");
    QTest::newRow("two blocks") << QByteArray(
                                       "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                                << 1 << QByteArray("84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    QTest::newRow("a million a") << QByteArray("a") << 1000000
                                 << QByteArray("34aa973cd4c4daa4f61eeb2bdbad27316534016f");
    QTest::newRow("ten blocks")
        << QByteArray("0123456701234567012345670123456701234567012345670123456701234567") << 10
        << QByteArray("dea356a2cddd90c7a7ecedc5ebb563934f460452");
    QTest::newRow("empty") << QByteArray() << 1
                           << QByteArray("da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

void TestDigests::sha1GivesTheVectorsOfItsRfc()
{
    QFETCH(QByteArray, text);
    QFETCH(int, times);
    QFETCH(QByteArray, digest);
    QCOMPARE(sha1Hex(text.repeated(times).toStdString()), digest);
}

void TestDigests::sha1AgreesWithAnotherAtEveryLength()
{
    for (int n = 0; n < 200; ++n) {
        const QByteArray text(n, 'q');
        QCOMPARE(sha1Hex(text.toStdString()),
                 QCryptographicHash::hash(text, QCryptographicHash::Sha1).toHex());
    }
}

void TestDigests::base64GivesTheVectorsOfItsRfc_data()
{
    QTest::addColumn<QByteArray>("plain");
    QTest::addColumn<QByteArray>("coded");
    // RFC 4648, section 10
    const char* vectors[][2] = {{"", ""},
                                {"f", "Zg=="},
                                {"fo", "Zm8="},
                                {"foo", "Zm9v"},
                                {"foob", "Zm9vYg=="},
                                {"fooba", "Zm9vYmE="},
                                {"foobar", "Zm9vYmFy"}};
    for (const auto& v : vectors)
        QTest::newRow(v[0]) << QByteArray(v[0]) << QByteArray(v[1]);
}

void TestDigests::base64GivesTheVectorsOfItsRfc()
{
    QFETCH(QByteArray, plain);
    QFETCH(QByteArray, coded);
    QCOMPARE(toBase64(asBytes(plain.toStdString())), coded.toStdString());
    QCOMPARE(fromBase64(coded.toStdString()).value(), plain.toStdString());
}

void TestDigests::base64RoundTripsAnyBytes()
{
    std::mt19937 random(7);
    for (size_t n = 0; n < 300; ++n) {
        std::string bytes(n, '\0');
        for (char& c : bytes)
            c = static_cast<char>(random());
        QCOMPARE(fromBase64(toBase64(asBytes(bytes))).value(), bytes);
        QCOMPARE(fromBase64Url(toBase64Url(asBytes(bytes))).value(), bytes);
        QCOMPARE(toBase64(asBytes(bytes)),
                 QByteArray::fromStdString(bytes).toBase64().toStdString());
    }
}

void TestDigests::base64UrlHasItsOwnAlphabetAndNoPadding()
{
    QCOMPARE(toBase64(asBytes("\xfb\xff\xfe\xff")), "+//+/w==");
    QCOMPARE(toBase64Url(asBytes("\xfb\xff\xfe\xff")), "-__-_w");
    QVERIFY(!fromBase64("-__-"));
    QVERIFY(!fromBase64Url("+//+"));
    QVERIFY(!fromBase64Url("-__-_w=="));
}

void TestDigests::base64RefusesWhatIsNotCanonical_data()
{
    QTest::addColumn<QByteArray>("coded");
    for (const char* bad :
         {"Zg", "Zg=", "Zg===", "Z", "Zh==", "Zm9=", "Zm 9v", "Zm9v\n", "=", "====", "Zg==Zg=="})
        QTest::newRow(bad) << QByteArray(bad);
}

void TestDigests::base64RefusesWhatIsNotCanonical()
{
    QFETCH(QByteArray, coded);
    QVERIFY(!fromBase64(coded.toStdString()));
}

QTEST_APPLESS_MAIN(TestDigests)
#include "tst_digests.moc"
