// The system's keychain. with_keyring.sh runs this with a keyring that is unlocked, locked,
// missing or silent (SALLYPORT_TEST_KEYRING); by itself it runs as where there is no session bus.
#include "secret_answers.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>
#include <QTemporaryDir>
#include <QTest>

using namespace sallyport;
using namespace sallyport::secrets;

namespace {

// A Secret Service that takes every call and answers none.
class Silence : public QDBusVirtualObject
{
public:
    QString introspect(const QString&) const override { return {}; }
    bool handleMessage(const QDBusMessage&, const QDBusConnection&) override
    {
        ++calls;
        return true;
    }
    int calls = 0;
};

} // namespace

class TestKeychain : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    const QByteArray m_keyring = qgetenv("SALLYPORT_TEST_KEYRING");

    std::string file() const { return m_folder.filePath("credentials.yaml").toStdString(); }

private slots:
    void initTestCase()
    {
        if (!m_keyring.isEmpty())
            return;
        // Nothing of the machine that the test runs on.
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        qputenv("HOME", m_folder.path().toUtf8());
        qputenv("XDG_RUNTIME_DIR", m_folder.path().toUtf8());
        qunsetenv("DISPLAY");
    }

    void keepsSecretsInAnUnlockedKeyring()
    {
        if (m_keyring != "unlocked")
            QSKIP("needs an unlocked keyring");
        const auto opened = SecretAnswers::open(file());
        QVERIFY2(opened.keychain, opened.sentence.c_str());
        QCOMPARE(opened.sentence, std::string("Secrets are kept in the system keychain."));
        SecretStore& store = *opened.store;
        std::optional<SecretError> error;
        QCOMPARE(SecretAnswers::read(store, "relay:7000", &error), std::string());
        QVERIFY2(error->code == SecretError::Code::NotFound, error->message.c_str());
        QVERIFY(!SecretAnswers::write(store, "relay:7000", "spt_one"));
        QVERIFY(!SecretAnswers::write(store, "relay:7000", "spt_two"));
        QCOMPARE(SecretAnswers::read(store, "relay:7000"), std::string("spt_two"));
        const auto again = makeKeychainSecretStore();
        QCOMPARE(SecretAnswers::read(*again, "relay:7000"), std::string("spt_two"));
        QVERIFY(!SecretAnswers::remove(store, "relay:7000"));
        QVERIFY(!SecretAnswers::remove(store, "relay:7000"));
        QCOMPARE(SecretAnswers::read(store, "relay:7000"), std::string());
        QVERIFY(!QFile::exists(QString::fromStdString(file())));
    }

    void findsWhatAnEarlierRunKeptInTheFile()
    {
        if (m_keyring != "unlocked")
            QSKIP("needs an unlocked keyring");
        const auto before = makeFileSecretStore(file());
        QVERIFY(!SecretAnswers::write(*before, "old", "spt_file"));
        const auto opened = SecretAnswers::open(file());
        QVERIFY(opened.keychain);
        QCOMPARE(SecretAnswers::read(*opened.store, "old"), std::string("spt_file"));
        QVERIFY(!SecretAnswers::write(*opened.store, "old", "spt_new"));
        QCOMPARE(SecretAnswers::read(*opened.store, "old"), std::string("spt_new"));
        QCOMPARE(SecretAnswers::read(*before, "old"), std::string());
        QVERIFY(!SecretAnswers::write(*before, "old", "spt_file"));
        QVERIFY(!SecretAnswers::remove(*opened.store, "old"));
        QCOMPARE(SecretAnswers::read(*opened.store, "old"), std::string());
    }

    void leavesNothingOfItsTryBehind()
    {
        if (m_keyring != "unlocked")
            QSKIP("needs an unlocked keyring");
        SecretAnswers::open(file());
        QCOMPARE(SecretAnswers::read(*makeKeychainSecretStore(), "availability"), std::string());
    }

    void fallsBackToTheFileAndSaysWhy()
    {
        if (m_keyring == "unlocked" || m_keyring == "silent")
            QSKIP("the keyring works");
        const auto opened = SecretAnswers::open(file());
        QVERIFY(!opened.keychain);
        qInfo("%s", opened.sentence.c_str());
        QVERIFY(opened.sentence.find(file()) != std::string::npos);
        QVERIFY(opened.sentence.find("because the system keychain") != std::string::npos);
        QVERIFY(opened.sentence.find('\n') == std::string::npos);
        QVERIFY(!SecretAnswers::write(*opened.store, "relay:7000", "spt_one"));
        QCOMPARE(SecretAnswers::read(*opened.store, "relay:7000"), std::string("spt_one"));
    }

    void doesNotWaitForEverForAKeychainThatIsSilent()
    {
        if (m_keyring != "silent")
            QSKIP("needs a bus without a keyring");
        Silence silence;
        QDBusConnection bus = QDBusConnection::sessionBus();
        QVERIFY(bus.registerVirtualObject("/", &silence, QDBusConnection::SubPath));
        QVERIFY(bus.registerService("org.freedesktop.secrets"));
        std::optional<OpenedSecretStore> opened;
        openSecretStore(
            file(), [&](OpenedSecretStore store) { opened = std::move(store); }, false,
            std::chrono::milliseconds(300));
        QVERIFY(QTest::qWaitFor([&] { return opened.has_value(); }, 20'000));
        QVERIFY(silence.calls > 0);
        QVERIFY(!opened->keychain);
        QVERIFY(opened->sentence.find("does not answer") != std::string::npos);
        bus.unregisterService("org.freedesktop.secrets");
        bus.unregisterObject("/");
    }

    void saysNothingMoreWhenItIsGone()
    {
        bool called = false;
        makeKeychainSecretStore()->read("k", [&](Result<Secret, SecretError>) { called = true; });
        QVERIFY(!QTest::qWaitFor([&] { return called; }, 300));
    }
};

QTEST_GUILESS_MAIN(TestKeychain)
#include "tst_keychain.moc"
