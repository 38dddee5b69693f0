// Where accounts and certificates are kept.
#include <sallyport/certificates/certificate_files.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sallyport;
using namespace sallyport::certificates;

class TestCertificateFiles : public QObject
{
    Q_OBJECT

private slots:
    void makesAnAccountOnce();
    void refusesADamagedAccount();
    void keepsAuthoritiesApart();
    void keepsCertificatesAndOrders();
    void leavesNothingReadableByOthers();
    void refusesAFolderThatIsOpenToOthers();
    void makesFileNamesOfAnything_data();
    void makesFileNamesOfAnything();
};

static const std::string Directory = "https://ca.test/dir";

static std::string pathOf(const QTemporaryDir& folder)
{
    return folder.path().toStdString();
}

void TestCertificateFiles::makesAnAccountOnce()
{
    QTemporaryDir folder;
    CertificateFiles files(pathOf(folder), Directory);
    QVERIFY(files.prepare().ok());
    auto first = files.account();
    QVERIFY(first.ok());
    QCOMPARE(first->url, std::string());
    first->url = "https://ca.test/account/1";
    QVERIFY(files.saveAccount(*first).ok());
    const auto again = CertificateFiles(pathOf(folder), Directory).account();
    QVERIFY(again.ok());
    QCOMPARE(again.value().url, first->url);
    QCOMPARE(again.value().key.thumbprint(), first->key.thumbprint());
}

void TestCertificateFiles::refusesADamagedAccount()
{
    QTemporaryDir folder;
    CertificateFiles files(pathOf(folder), Directory);
    QVERIFY(files.prepare().ok());
    const std::string name = files.folder() + "/account.json";
    for (const char* text : {"", "{", "{}", R"({"key":"nonsense"})"}) {
        QFile file(QString::fromStdString(name));
        QVERIFY(file.open(QFile::WriteOnly));
        file.write(text);
        file.close();
        const auto account = files.account();
        QVERIFY(!account.ok());
        QVERIFY(account.error().find(name) != std::string::npos);
    }
}

void TestCertificateFiles::keepsAuthoritiesApart()
{
    const CertificateFiles production("/x", "https://acme-v02.api.letsencrypt.org/directory");
    const CertificateFiles staging("/x", "https://acme-staging-v02.api.letsencrypt.org/directory");
    const CertificateFiles other("/x", "https://acme-v02.api.letsencrypt.org/other");
    QVERIFY(production.folder() != staging.folder());
    QVERIFY(production.folder() != other.folder());
}

void TestCertificateFiles::keepsCertificatesAndOrders()
{
    QTemporaryDir folder;
    CertificateFiles files(pathOf(folder), Directory);
    QVERIFY(files.prepare().ok());
    QVERIFY(!files.certificate("*.example.com"));
    tls::SelfSignedOptions options;
    options.notBefore = std::chrono::system_clock::now();
    const auto pair = tls::makeSelfSigned(options).value();
    QVERIFY(files.saveCertificate("*.example.com", pair).ok());
    const auto read = files.certificate("*.example.com");
    QVERIFY(read);
    QVERIFY(tls::checkKeyPair(*read, std::chrono::system_clock::now()).ok());
    QVERIFY(!files.certificate("example.com"));
    QVERIFY(files.saveCertificate("b.test", pair).ok());
    QCOMPARE(files.allCertificates(10).size(), size_t(2));
    QCOMPARE(files.allCertificates(1).size(), size_t(1));

    QVERIFY(files.saveOrder("a.test", {"https://ca.test/order/1", Secret("key")}).ok());
    QCOMPARE(files.order("a.test")->url, std::string("https://ca.test/order/1"));
    QCOMPARE(files.order("a.test")->keyPem.reveal(), std::string_view("key"));
    files.forgetOrder("a.test");
    QVERIFY(!files.order("a.test"));
}

void TestCertificateFiles::leavesNothingReadableByOthers()
{
    QTemporaryDir folder;
    CertificateFiles files(pathOf(folder) + "/deep/acme", Directory);
    QVERIFY(files.prepare().ok());
    QVERIFY(files.account().ok());
    QVERIFY(files.saveCertificate("a.test", {"chain\n", "key"}).ok());
    QVERIFY(files.saveOrder("a.test", {"https://ca.test/order/1", Secret("key")}).ok());
    constexpr auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup |
                            QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    const QString root = QString::fromStdString(files.folder());
    for (const char* name : {"", "/certificates", "/orders", "/account.json",
                             "/certificates/a.test.pem", "/orders/a.test.json"})
        QVERIFY2(!(QFile::permissions(root + name) & others), name);
}

void TestCertificateFiles::refusesAFolderThatIsOpenToOthers()
{
    QTemporaryDir folder;
    CertificateFiles files(pathOf(folder), Directory);
    QVERIFY(files.prepare().ok());
    const QString certificates = QString::fromStdString(files.folder() + "/certificates");
    QFile::setPermissions(certificates, QFile::permissions(certificates) | QFile::ReadOther);
    const auto prepared = files.prepare();
    QVERIFY(!prepared.ok());
    QVERIFY(prepared.error().find("chmod 700") != std::string::npos);
}

void TestCertificateFiles::makesFileNamesOfAnything_data()
{
    QTest::addColumn<QString>("id");
    QTest::newRow("a way up") << "../../etc/passwd";
    QTest::newRow("dots") << "..";
    QTest::newRow("hidden") << ".x";
    QTest::newRow("slash") << "a/b";
    QTest::newRow("zero") << QString(QChar(0)) + "a";
}

void TestCertificateFiles::makesFileNamesOfAnything()
{
    QFETCH(QString, id);
    QTemporaryDir folder;
    CertificateFiles files(pathOf(folder), Directory);
    QVERIFY(files.prepare().ok());
    QVERIFY(files.saveCertificate(id.toStdString(), {"chain\n", "key"}).ok());
    const QDir certificates(QString::fromStdString(files.folder() + "/certificates"));
    QCOMPARE(certificates.entryList(QDir::Files | QDir::Hidden).size(), 1);
}

QTEST_GUILESS_MAIN(TestCertificateFiles)
#include "tst_certificate_files.moc"
