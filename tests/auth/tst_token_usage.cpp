// When tokens were last used, written rarely.
#include <sallyport/auth/token_usage.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace sallyport;
using namespace sallyport::auth;
using namespace std::chrono_literals;

class TestTokenUsage : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    const Timestamp m_when = *parseTimestamp("2026-01-31T12:00:00Z");
    const TimePoint m_now{};

    std::string file() const
    {
        return TokenUsage::fileFor(m_folder->filePath("tokens.yaml").toStdString());
    }
    bool exists() const { return QFile::exists(QString::fromStdString(file())); }
    static TokenSet setOf(const std::vector<std::string>& ids)
    {
        std::vector<TokenRecord> records;
        for (const std::string& id : ids) {
            TokenRecord record;
            record.id = id;
            records.push_back(record);
        }
        return TokenSet(records);
    }

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void writesAtOnceAndThenAtMostOnceAMinute()
    {
        const TokenSet tokens = setOf({"a", "b"});
        TokenUsage usage(file());
        QVERIFY(!usage.nextDeadline());
        usage.noteUse("a", m_when);
        QVERIFY(*usage.nextDeadline() <= m_now);
        QVERIFY(usage.save(tokens, m_now));
        QVERIFY(exists());
        QVERIFY(!usage.nextDeadline());

        QFile::remove(QString::fromStdString(file()));
        usage.noteUse("b", m_when + 1s);
        QCOMPARE(*usage.nextDeadline(), m_now + 60s);
        QVERIFY(usage.save(tokens, m_now + 59s));
        QVERIFY(!exists());
        QVERIFY(usage.save(tokens, m_now + 60s));
        QVERIFY(exists());
        usage.noteUse("b", m_when + 2s);
        QVERIFY(usage.save(tokens, m_now + 61s, true));
        QVERIFY(!usage.nextDeadline());
    }

    void readsBackWhatItWrote()
    {
        TokenUsage usage(file());
        usage.noteUse("a", m_when);
        usage.noteUse("gone", m_when);
        usage.noteUse("a", m_when - 5s); // the clock may step back
        QVERIFY(usage.save(setOf({"a"}), m_now));
        TokenUsage later(file());
        later.load();
        QCOMPARE(later.lastUsed("a"), std::optional(m_when));
        QVERIFY(!later.lastUsed("gone"));
        QVERIFY(!later.nextDeadline());
    }

    void skipsLinesThatMakeNoSense()
    {
        QVERIFY(config::writeFileAtomically(
            file(), "# x\nnonsense\na: soon\n: \n\xff\nb: 2026-01-31T12:00:00Z\n"));
        TokenUsage usage(file());
        usage.load();
        QVERIFY(!usage.lastUsed("a"));
        QCOMPARE(usage.lastUsed("b"), std::optional(m_when));
        TokenUsage none(m_folder->filePath("missing").toStdString());
        none.load();
    }

    void triesAgainAMinuteAfterAFailure()
    {
        TokenUsage usage(m_folder->filePath("no/such").toStdString());
        usage.noteUse("a", m_when);
        QVERIFY(!usage.save(setOf({"a"}), m_now));
        QCOMPARE(*usage.nextDeadline(), m_now + 60s);
    }

    void staysBounded()
    {
        TokenUsage usage(file());
        for (size_t i = 0; i <= TokenSet::MaxTokens; ++i)
            usage.noteUse("t" + std::to_string(i), m_when);
        QVERIFY(usage.lastUsed("t0"));
        QVERIFY(!usage.lastUsed("t" + std::to_string(TokenSet::MaxTokens)));
    }
};

QTEST_GUILESS_MAIN(TestTokenUsage)
#include "tst_token_usage.moc"
