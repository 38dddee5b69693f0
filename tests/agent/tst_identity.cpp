// The certificate that an agent has: one bundle or two files.
#include <sallyport/agent/identity.h>
#include <sallyport/tls/authority.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sallyport;
using namespace sallyport::agent;

class TestIdentity : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void readsABundleAndKeepsTheRootApart();
    void readsAPairOfFiles();
    void saysWhatIsWrongWithAFile_data();
    void saysWhatIsWrongWithAFile();
    void refusesAKeyThatOthersMayRead();
    void readsOneThatHasExpired();

private:
    std::string put(const char* name, const std::string& text, bool forAll = false) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly))
            QTest::qFail("cannot write", __FILE__, __LINE__);
        file.write(text.c_str());
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner |
                            (forAll ? QFile::ReadOther : QFile::Permission(0)));
        return file.fileName().toStdString();
    }
    static tls::SystemTime now() { return std::chrono::system_clock::now(); }

    QTemporaryDir m_folder;
    std::string m_root, m_chain, m_key;
};

void TestIdentity::initTestCase()
{
    using namespace tls;
    const Validity validity{now() - std::chrono::hours(24), now() + std::chrono::hours(24 * 30)};
    const KeyPair root = makeRootAuthority("Root", validity).value();
    const std::string middleKey = makeKey().value();
    const std::string middle =
        Authority::fromKeyPair(root, now())
            .value()
            .certifyKey(middleKey, {CertificateUse::Intermediate, "Middle", {}, validity})
            .value();
    m_key = makeKey().value();
    m_chain = Authority::fromKeyPair({middle, middleKey}, now())
                  .value()
                  .certifyKey(m_key, {CertificateUse::Client, "alice", {}, validity})
                  .value() +
              middle;
    m_root = root.chainPem;
}

void TestIdentity::readsABundleAndKeepsTheRootApart()
{
    const auto identity = readIdentity({put("all.pem", m_key + m_chain + m_root), {}}, now());
    QVERIFY(identity.ok());
    QCOMPARE(identityName(identity.value().leaf), std::string("alice"));
    QCOMPARE(identity.value().keys.chainPem, m_chain);
    QCOMPARE(identity.value().rootPem, m_root);
    QVERIFY(!identity.value().expired);
}

void TestIdentity::readsAPairOfFiles()
{
    const auto identity =
        readIdentity({put("chain.pem", m_chain, true), put("key.pem", m_key)}, now());
    QVERIFY(identity.ok());
    QCOMPARE(identity.value().keys.chainPem, m_chain);
    QVERIFY(identity.value().rootPem.empty());
}

void TestIdentity::saysWhatIsWrongWithAFile_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, const std::string& text, const char* words) {
        QTest::newRow(name) << QByteArray::fromStdString(text) << words;
    };
    row("nothing", "", "expected a certificate");
    row("no key", m_chain, "expected a private key");
    row("no certificate", m_key, "expected a certificate");
    row("another's key", tls::makeKey().value() + m_chain, "does not belong");
}

void TestIdentity::saysWhatIsWrongWithAFile()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, words);
    const std::string file = put("bad.pem", text.toStdString());
    const auto identity = readIdentity({file, {}}, now());
    QVERIFY(!identity.ok());
    QVERIFY2(identity.error().find(file) != std::string::npos, identity.error().c_str());
    QVERIFY2(identity.error().find(words.toStdString()) != std::string::npos,
             identity.error().c_str());
}

void TestIdentity::refusesAKeyThatOthersMayRead()
{
    const auto identity = readIdentity({put("open.pem", m_key + m_chain, true), {}}, now());
    QVERIFY(!identity.ok());
    QVERIFY(identity.error().find("chmod 600") != std::string::npos);
}

void TestIdentity::readsOneThatHasExpired()
{
    const auto identity = readIdentity({put("all.pem", m_key + m_chain + m_root), {}},
                                       now() + std::chrono::hours(24 * 60));
    QVERIFY(identity.ok());
    QVERIFY(identity.value().expired);
}

QTEST_APPLESS_MAIN(TestIdentity)
#include "tst_identity.moc"
