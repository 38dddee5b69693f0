// A secret on its way from one store to another: whatever fails, it is not lost.
#include "secret_answers.h"

#include <QTest>
#include <QTimer>

#include <map>
#include <string>

using namespace sallyport;
using namespace sallyport::secrets;

namespace {

// Keeps them in memory, and fails as it is told.
class FakeStore final : public SecretStore
{
public:
    explicit FakeStore(std::string name) : m_name(std::move(name)) {}

    void read(const std::string& key, ReadDone done) override
    {
        later([this, key, done] {
            if (failsReading)
                return done(Failure(failed("reading")));
            const auto found = secrets.find(key);
            if (found == secrets.end())
                return done(Failure(SecretError{SecretError::Code::NotFound, "nothing here"}));
            done(Secret(found->second));
        });
    }
    void write(const std::string& key, const Secret& secret, Done done) override
    {
        later([this, key, text = std::string(secret.reveal()), done] {
            if (failsWriting)
                return done(Failure(failed("writing")));
            secrets[key] = text.substr(0, keepsAtMost);
            done({});
        });
    }
    void remove(const std::string& key, Done done) override
    {
        later([this, key, done] {
            if (failsRemoving)
                return done(Failure(failed("removing")));
            secrets.erase(key);
            done({});
        });
    }
    std::string description() const override { return m_name; }

    std::map<std::string, std::string> secrets;
    bool failsReading = false;
    bool failsWriting = false;
    bool failsRemoving = false;
    size_t keepsAtMost = std::string::npos;

private:
    template <typename F>
    void later(F&& work)
    {
        QTimer::singleShot(0, &m_context, std::forward<F>(work));
    }
    static SecretError failed(const std::string& what)
    {
        return {SecretError::Code::Failed, what + " failed"};
    }

    std::string m_name;
    QObject m_context;
};

} // namespace

class TestMoveSecret : public QObject
{
    Q_OBJECT

    FakeStore m_file{"the file"};
    FakeStore m_keychain{"the keychain"};

    std::string move()
    {
        const auto error = SecretAnswers::wait([this](SecretStore::Done done) {
            moveSecret("relay:7000", m_file, m_keychain, std::move(done));
        });
        return error ? error->message : std::string();
    }

private slots:
    void init()
    {
        for (FakeStore* store : {&m_file, &m_keychain}) {
            store->secrets.clear();
            store->failsReading = store->failsWriting = store->failsRemoving = false;
            store->keepsAtMost = std::string::npos;
        }
        m_file.secrets["relay:7000"] = "spt_one";
        m_file.secrets["other:7000"] = "spt_two";
    }

    void movesTheOneAlone()
    {
        QCOMPARE(move(), std::string());
        QCOMPARE(m_keychain.secrets["relay:7000"], std::string("spt_one"));
        QVERIFY(!m_file.secrets.contains("relay:7000"));
        QVERIFY(m_file.secrets.contains("other:7000"));
        QVERIFY(!m_keychain.secrets.contains("other:7000"));
    }

    void whatIsNotThereIsNotMoved()
    {
        m_file.secrets.clear();
        QCOMPARE(move(), std::string("nothing here"));
        QVERIFY(m_keychain.secrets.empty());
    }

    void staysWhereItCanNotBeWritten()
    {
        m_keychain.failsWriting = true;
        QCOMPARE(move(), std::string("writing failed"));
        QCOMPARE(m_file.secrets["relay:7000"], std::string("spt_one"));
    }

    void staysWhereItCanNotBeReadBack()
    {
        m_keychain.failsReading = true;
        const std::string told = move();
        QVERIFY2(told.find("can't be read") != std::string::npos, told.c_str());
        QVERIFY2(told.find("stays in the file") != std::string::npos, told.c_str());
        QCOMPARE(m_file.secrets["relay:7000"], std::string("spt_one"));
    }

    void staysWhereItReadsOtherwise()
    {
        m_keychain.keepsAtMost = 3;
        const std::string told = move();
        QVERIFY2(told.find("reads otherwise") != std::string::npos, told.c_str());
        QVERIFY2(told.find("spt_") == std::string::npos, told.c_str());
        QCOMPARE(m_file.secrets["relay:7000"], std::string("spt_one"));
    }

    void isInBothWhereItCanNotBeRemoved()
    {
        m_file.failsRemoving = true;
        QCOMPARE(move(), std::string("removing failed"));
        QCOMPARE(m_file.secrets["relay:7000"], std::string("spt_one"));
        QCOMPARE(m_keychain.secrets["relay:7000"], std::string("spt_one"));
        m_file.failsRemoving = false;
        QCOMPARE(move(), std::string());
    }
};

QTEST_GUILESS_MAIN(TestMoveSecret)
#include "tst_move_secret.moc"
