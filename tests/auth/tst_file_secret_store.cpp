// Secrets in a file that only its owner reads.
#include "secret_answers.h"

#include <sallyport/config/files.h>

#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace sallyport;
using namespace sallyport::secrets;

class TestFileSecretStore : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::string file() const { return m_folder->filePath("config/credentials.yaml").toStdString(); }
    static unsigned modeOf(const std::string& path)
    {
        struct stat info
        {};
        return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 0777 : 0;
    }

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void writesReadsAndRemoves()
    {
        const auto store = makeFileSecretStore(file());
        std::optional<SecretError> error;
        QCOMPARE(SecretAnswers::read(*store, "relay:7000", &error), std::string());
        QVERIFY(error->code == SecretError::Code::NotFound);
        QVERIFY(!SecretAnswers::write(*store, "relay:7000", "spt_one"));
        QVERIFY(!SecretAnswers::write(*store, "[::1]:7000", "quote \" and \\ and # and: x"));
        QVERIFY(!SecretAnswers::write(*store, "relay:7000", "spt_two"));
        const auto again = makeFileSecretStore(file());
        QCOMPARE(SecretAnswers::read(*again, "relay:7000"), std::string("spt_two"));
        QCOMPARE(SecretAnswers::read(*again, "[::1]:7000"),
                 std::string("quote \" and \\ and # and: x"));
        QVERIFY(!SecretAnswers::remove(*store, "relay:7000"));
        QVERIFY(!SecretAnswers::remove(*store, "relay:7000"));
        QCOMPARE(SecretAnswers::read(*again, "relay:7000"), std::string());
    }

    void makesFolderAndFileForTheOwnerAlone()
    {
        const auto store = makeFileSecretStore(file());
        QVERIFY(!SecretAnswers::write(*store, "k", "s"));
        QCOMPARE(modeOf(file()), 0600u);
        QCOMPARE(modeOf(m_folder->filePath("config").toStdString()), 0700u);
    }

    void refusesAFileThatOthersCanRead()
    {
        const auto store = makeFileSecretStore(file());
        QVERIFY(!SecretAnswers::write(*store, "k", "spt_secret"));
        for (const mode_t mode : {0644, 0640, 0604}) {
            QCOMPARE(::chmod(file().c_str(), mode), 0);
            std::optional<SecretError> error;
            QCOMPARE(SecretAnswers::read(*store, "k", &error), std::string());
            QVERIFY(error->code == SecretError::Code::Denied);
            QVERIFY(error->message.find("chmod 600") != std::string::npos);
            QVERIFY(SecretAnswers::write(*store, "k", "new"));
        }
    }

    void refusesWhatCouldNotBeReadBack()
    {
        const auto store = makeFileSecretStore(file());
        QVERIFY(SecretAnswers::write(*store, "", "s"));
        QVERIFY(SecretAnswers::write(*store, "a\nb", "s"));
        QVERIFY(SecretAnswers::write(*store, "k", "a\nb"));
        QVERIFY(SecretAnswers::write(*store, std::string(256, 'k'), "s"));
        QVERIFY(!QFile::exists(QString::fromStdString(file())));
    }

    void holdsSoManySecretsAndNoMore()
    {
        const auto store = makeFileSecretStore(file());
        for (int i = 0; i < 100; ++i)
            QVERIFY(!SecretAnswers::write(*store, "k" + std::to_string(i), "s"));
        QVERIFY(SecretAnswers::write(*store, "more", "s"));
        QVERIFY(!SecretAnswers::write(*store, "k0", "other"));
    }

    void saysNothingMoreWhenItIsGone()
    {
        bool called = false;
        makeFileSecretStore(file())->read("k", [&](Result<Secret, SecretError>) { called = true; });
        QVERIFY(!QTest::qWaitFor([&] { return called; }, 50));
    }

    void survivesItsOwnEndInsideAnAnswer()
    {
        auto store = makeFileSecretStore(file());
        bool called = false;
        store->read("k", [&](Result<Secret, SecretError>) {
            store.reset();
            called = true;
        });
        QVERIFY(QTest::qWaitFor([&] { return called; }));
    }

    void isOpenedWhenAFileWasAskedFor()
    {
        const auto opened = SecretAnswers::open(file(), true);
        QVERIFY(!opened.keychain);
        QVERIFY(opened.sentence.find(file()) != std::string::npos);
        QVERIFY(!SecretAnswers::write(*opened.store, "k", "s"));
    }
};

QTEST_GUILESS_MAIN(TestFileSecretStore)
#include "tst_file_secret_store.moc"
