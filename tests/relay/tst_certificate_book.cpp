// What the control thread publishes as certificates.
#include "certificates/certificate_book.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::relay;

class TestCertificateBook : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void publishesAPairForItsNames();
    void takesTheNamesFromTheCertificate();
    void replacesAPairWithoutTouchingOthers();
    void keepsTheOldPairWhenTheNewOneIsBad();
    void servesTheOneThatExpiresLast();
    void removesAPair();
    void defaultMayComeLater();
    void challengesComeAndGo();
    void holdsOnlySoManyChallenges();

private:
    static tls::KeyPair pair(std::vector<std::string> names, int days = 30);
    std::shared_ptr<const tls::Context> found(std::string_view name) const
    {
        return m_published.load()->find(name);
    }

    Published<tls::CertificateStore> m_published{std::make_shared<const tls::CertificateStore>()};
    std::unique_ptr<CertificateBook> m_book;
};

tls::KeyPair TestCertificateBook::pair(std::vector<std::string> names, int days)
{
    tls::SelfSignedOptions options;
    options.names = std::move(names);
    options.notBefore = std::chrono::system_clock::now() - std::chrono::hours(1);
    options.validFor = std::chrono::hours(24 * days);
    return tls::makeSelfSigned(options).value();
}

void TestCertificateBook::init()
{
    m_published.publish(std::make_shared<const tls::CertificateStore>());
    m_book = std::make_unique<CertificateBook>(m_published, tls::AlpnList{"http/1.1"});
}

void TestCertificateBook::publishesAPairForItsNames()
{
    QVERIFY(m_book->put("one", {"a.example.com", "*.example.org"}, pair({"ignored.example"})));
    QVERIFY(found("a.example.com"));
    QVERIFY(found("b.example.org"));
    QVERIFY(!found("ignored.example"));
}

void TestCertificateBook::takesTheNamesFromTheCertificate()
{
    QVERIFY(m_book->put("one", {}, pair({"a.example.com", "*.a.example.com", "192.0.2.1"})));
    QVERIFY(found("a.example.com"));
    QVERIFY(found("x.a.example.com"));
}

void TestCertificateBook::replacesAPairWithoutTouchingOthers()
{
    QVERIFY(m_book->put("one", {}, pair({"a.example.com"})));
    QVERIFY(m_book->put("two", {}, pair({"b.example.com"})));
    const auto a = found("a.example.com");
    const auto b = found("b.example.com");
    QVERIFY(m_book->put("one", {}, pair({"a.example.com"})));
    QVERIFY(found("a.example.com") != a);
    QCOMPARE(found("b.example.com"), b);
}

void TestCertificateBook::keepsTheOldPairWhenTheNewOneIsBad()
{
    QVERIFY(m_book->put("one", {}, pair({"a.example.com"})));
    const auto before = found("a.example.com");
    tls::KeyPair mixed = pair({"a.example.com"});
    mixed.keyPem = pair({"a.example.com"}).keyPem;
    const auto refused = m_book->put("one", {}, mixed);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, tls::ErrorCode::KeyMismatch);
    QCOMPARE(found("a.example.com"), before);
}

void TestCertificateBook::servesTheOneThatExpiresLast()
{
    QVERIFY(m_book->put("b", {}, pair({"a.example.com"}, 60)));
    const auto longer = found("a.example.com");
    QVERIFY(m_book->put("a", {}, pair({"a.example.com"}, 30)));
    QVERIFY(m_book->put("c", {}, pair({"a.example.com"}, 30)));
    QCOMPARE(found("a.example.com"), longer);
}

void TestCertificateBook::removesAPair()
{
    QVERIFY(m_book->put("one", {}, pair({"a.example.com"})));
    m_book->remove("one");
    QVERIFY(!found("a.example.com"));
    QVERIFY(m_published.load()->empty());
}

void TestCertificateBook::defaultMayComeLater()
{
    m_book->setDefault("one");
    QVERIFY(!found("other.example"));
    QVERIFY(m_book->put("one", {}, pair({"a.example.com"})));
    QCOMPARE(found("other.example"), found("a.example.com"));
    QCOMPARE(found(""), found("a.example.com"));
    m_book->setDefault({});
    QVERIFY(!found(""));
}

void TestCertificateBook::challengesComeAndGo()
{
    QVERIFY(m_book->putChallenge("a.example.com", pair({"a.example.com"})));
    QVERIFY(m_published.load()->findChallenge("a.example.com"));
    QVERIFY(!found("a.example.com"));
    m_book->removeChallenge("a.example.com");
    QVERIFY(!m_published.load()->findChallenge("a.example.com"));
}

void TestCertificateBook::holdsOnlySoManyChallenges()
{
    const tls::KeyPair keys = pair({"a.example.com"});
    for (size_t i = 0; i < CertificateBook::MaxChallenges; ++i)
        QVERIFY(m_book->putChallenge("a" + std::to_string(i), keys));
    QVERIFY(!m_book->putChallenge("one-too-many", keys));
    QVERIFY(m_book->putChallenge("a0", keys));
}

QTEST_GUILESS_MAIN(TestCertificateBook)
#include "tst_certificate_book.moc"
