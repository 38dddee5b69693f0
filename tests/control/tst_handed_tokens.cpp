// The tokens that a service which starts before anybody logs in is handed.
#include <sallyport/config/files.h>
#include <sallyport/control/handed_tokens.h>

#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace sallyport;
using control::Accounts;
using control::HandedTokens;
using control::KnownAccount;

namespace {

std::string lines(size_t count)
{
    std::string text;
    for (size_t i = 0; i < count; ++i)
        text += "r" + std::to_string(i) + ".example.com:7000 spt_" + std::to_string(i) + "\n";
    return text;
}

KnownAccount account(const char* relay, const std::string& mark)
{
    KnownAccount known;
    known.relay = config::RelayAddress::parse(relay).value();
    known.tokenMark = mark;
    return known;
}

} // namespace

class TestHandedTokens : public QObject
{
    Q_OBJECT

private slots:
    void aTokenIsOfItsRelayAlone()
    {
        const auto tokens = HandedTokens::parse(
            Secret("# three\n\nA.example.com:7000 spt_a\r\nb.example.com:443 ey.b.c\n"
                   "a.example.com:7000#2 spt_other\n"));
        QVERIFY(tokens.ok());
        QCOMPARE(tokens->find("a.example.com:7000")->reveal(), std::string("spt_a"));
        QCOMPARE(tokens->find("b.example.com:443")->reveal(), std::string("ey.b.c"));
        QCOMPARE(tokens->find("a.example.com:7000#2")->reveal(), std::string("spt_other"));
        QVERIFY(!tokens->find("b.example.com:7000"));
        const auto again = HandedTokens::parse(tokens->text());
        QCOMPARE(again->text().reveal(), tokens->text().reveal());
    }

    void refusesWhatIsNoListOfTokens_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("no relay") << QByteArray("spt_secret");
        QTest::newRow("no token") << QByteArray("a.example.com:7000 ");
        QTest::newRow("blank in it") << QByteArray("a.example.com:7000 spt secret");
        QTest::newRow("no address") << QByteArray("a..b:x spt_secret");
        QTest::newRow("no number") << QByteArray("a.example.com:7000#x spt_secret");
        QTest::newRow("no such number") << QByteArray("a.example.com:7000#51 spt_secret");
        QTest::newRow("zero") << QByteArray("a.example.com:7000 spt\0secret", 29);
        QTest::newRow("too long") << "a.example.com:7000 " +
                                         QByteArray(qsizetype(HandedTokens::MaxToken) + 1, 's');
        QTest::newRow("too many") << QByteArray::fromStdString(lines(HandedTokens::MaxTokens + 1));
        QTest::newRow("too much") << QByteArray(qsizetype(HandedTokens::MaxText) + 1, '\n');
    }
    void refusesWhatIsNoListOfTokens()
    {
        QFETCH(QByteArray, text);
        const auto tokens = HandedTokens::parse(Secret(text.toStdString()));
        QVERIFY(!tokens);
        QVERIFY(tokens.error().find("secret") == std::string::npos);
    }

    void takesAsManyAsThereMayBeAccounts()
    {
        QVERIFY(HandedTokens::parse(Secret(lines(HandedTokens::MaxTokens))).ok());
        const std::string longest(HandedTokens::MaxToken, 's');
        QVERIFY(HandedTokens::parse(Secret("a.example.com:7000 " + longest)).ok());
    }

    void findsWhatTheSystemHandedToThisProcess()
    {
        QTemporaryDir folder;
        QVERIFY(!HandedTokens::areHere());
        qputenv("CREDENTIALS_DIRECTORY", folder.path().toUtf8());
        QVERIFY(!HandedTokens::areHere());
        (void)config::writeFileAtomically(folder.filePath(HandedTokens::FileName).toStdString(),
                                          "a.example.com:7000 spt_a\n");
        QVERIFY(HandedTokens::areHere());
        QVERIFY(HandedTokens::ofThisProcess().find("a.example.com:7000").has_value());
        (void)config::writeFileAtomically(folder.filePath(HandedTokens::FileName).toStdString(),
                                          "nonsense\n");
        QVERIFY(HandedTokens::ofThisProcess().empty());
        qunsetenv("CREDENTIALS_DIRECTORY");
    }

    void marksTellOnlyWhetherItIsTheSame()
    {
        const std::string mark = control::tokenMark(Secret("spt_a"));
        QCOMPARE(mark.size(), size_t(16));
        QVERIFY(mark != control::tokenMark(Secret("spt_b")));
        QCOMPARE(HandedTokens::parse(Secret("a.example.com:7000 spt_a"))->marks(),
                 "a.example.com:7000 " + mark + "\n");
    }

    void knowsWhichAccountsTokenIsMissingOrOld()
    {
        QTemporaryDir folder;
        const std::string file = folder.filePath("accounts.yaml").toStdString();
        const std::string marks = "a.example.com:7000 0123456789abcdef\n";
        Accounts accounts = Accounts::read(file).value();
        QVERIFY(!control::lacksTokens({}, accounts));
        QVERIFY(accounts.put(account("a.example.com", "0123456789abcdef")).ok());
        QVERIFY(!control::lacksTokens(marks, accounts));
        QVERIFY(control::lacksTokens({}, accounts));
        QVERIFY(accounts.put(account("a.example.com", "fedcba9876543210")).ok());
        QVERIFY(control::lacksTokens(marks, accounts));
        // One of an earlier version.
        QVERIFY(accounts.put(account("a.example.com", {})).ok());
        QVERIFY(!control::lacksTokens(marks, accounts));
        QVERIFY(accounts.put(account("b.example.com", {})).ok());
        QVERIFY(control::lacksTokens(marks, accounts));
        // A certificate is a file that the service can read itself.
        KnownAccount proven = account("b.example.com", {});
        proven.identity = "/home/ann/b.pem";
        QVERIFY(accounts.put(proven).ok());
        QVERIFY(!control::lacksTokens(marks, accounts));
    }

    void theMarkIsKeptWithTheAccount()
    {
        QTemporaryDir folder;
        const std::string file = folder.filePath("accounts.yaml").toStdString();
        Accounts accounts = Accounts::read(file).value();
        QVERIFY(accounts.put(account("a.example.com", "0123456789abcdef")).ok());
        QVERIFY(accounts.write().ok());
        QCOMPARE(Accounts::read(file)->list().front().tokenMark, std::string("0123456789abcdef"));
    }
};

QTEST_GUILESS_MAIN(TestHandedTokens)
#include "tst_handed_tokens.moc"
