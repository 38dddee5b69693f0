#include <sallyport/config/files.h>
#include <sallyport/control/accounts.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sallyport;
using control::Accounts;
using control::KnownAccount;

namespace {

KnownAccount account(const std::string& relay, const std::string& label = {})
{
    KnownAccount made;
    made.relay = *config::RelayAddress::parse(relay);
    made.label = label;
    return made;
}

} // namespace

class TestAccounts : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_file = m_folder->filePath("accounts.yaml").toStdString();
    }
    void nothingIsAnEmptyList();
    void keepsWhatItWasGiven();
    void theNewestIsInUse();
    void removingTheOneInUsePutsAnotherInUse();
    void anEmptyLabelKeepsTheOldOne();
    void takesOverWhatLoginNoted();
    void refusesABrokenFileWithItsLine();
    void isBounded();
    void aHintIsNoToken();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_file;
};

void TestAccounts::nothingIsAnEmptyList()
{
    const auto accounts = Accounts::read(m_file);
    QVERIFY(accounts.ok());
    QVERIFY(accounts->list().empty());
    QVERIFY(!accounts->inUse());
}

void TestAccounts::keepsWhatItWasGiven()
{
    auto accounts = *Accounts::read(m_file);
    KnownAccount odd = account("wss://relay.example:8443/a", "caf\xc3\xa9 \"x\" # \\n");
    odd.pin = *config::readPin("sha256:" + std::string(64, 'a'));
    odd.identity = "/home/a b/me.pem";
    odd.tokenHint = "spt_Ab12";
    odd.inFile = true;
    QVERIFY(accounts.put(odd).ok());
    QVERIFY(accounts.put(account("[::1]:7001")).ok());
    QVERIFY(accounts.write().ok());
    QCOMPARE(config::readFile(m_file).value().mode, 0600u);
    const auto again = Accounts::read(m_file);
    QVERIFY2(again.ok(), again.ok() ? "" : again.error().c_str());
    QVERIFY(again->list() == accounts.list());
    QCOMPARE(again->inUse()->id(), std::string("[::1]:7001"));
}

void TestAccounts::theNewestIsInUse()
{
    auto accounts = *Accounts::read(m_file);
    QVERIFY(accounts.put(account("a.example")).ok());
    QVERIFY(accounts.put(account("b.example:7001")).ok());
    QCOMPARE(accounts.inUse()->id(), std::string("b.example:7001"));
    QVERIFY(accounts.use("a.example:7000").ok());
    QVERIFY(!accounts.use("c.example:7000").ok());
    QCOMPARE(accounts.views().front().inUse, true);
    QCOMPARE(accounts.views().back().inUse, false);
}

void TestAccounts::removingTheOneInUsePutsAnotherInUse()
{
    auto accounts = *Accounts::read(m_file);
    QVERIFY(accounts.put(account("a.example")).ok());
    QVERIFY(accounts.put(account("b.example")).ok());
    accounts.remove("b.example:7000");
    QCOMPARE(accounts.inUse()->id(), std::string("a.example:7000"));
    accounts.remove("a.example:7000");
    QVERIFY(!accounts.inUse());
    QVERIFY(accounts.write().ok());
    QVERIFY(Accounts::read(m_file)->list().empty());
}

void TestAccounts::anEmptyLabelKeepsTheOldOne()
{
    auto accounts = *Accounts::read(m_file);
    QVERIFY(accounts.put(account("a.example", "work")).ok());
    QVERIFY(accounts.put(account("a.example")).ok());
    QCOMPARE(accounts.list().size(), size_t(1));
    QCOMPARE(accounts.list().front().label, std::string("work"));
    QVERIFY(accounts.rename("a.example:7000", "home").ok());
    QVERIFY(!accounts.rename("a.example:7000", "two\nlines").ok());
    QVERIFY(!accounts.rename("a.example:7000", std::string(101, 'x')).ok());
    QCOMPARE(accounts.list().front().label, std::string("home"));
}

void TestAccounts::takesOverWhatLoginNoted()
{
    const std::string login = m_folder->filePath("login.yaml").toStdString();
    QVERIFY(config::writeFileAtomically(login, "# note\nrelay: \"a.example:7000\"\npin: \"sha256:" +
                                                   std::string(64, 'b') + "\"\n")
                .ok());
    auto accounts = *Accounts::read(m_file);
    QCOMPARE(accounts.list().size(), size_t(1));
    QCOMPARE(accounts.inUse()->id(), std::string("a.example:7000"));
    QVERIFY(accounts.inUse()->pin.has_value());
    QVERIFY(QFile::exists(QString::fromStdString(login))); // reading changes nothing
    QVERIFY(accounts.write().ok());
    QVERIFY(!QFile::exists(QString::fromStdString(login)));
    QVERIFY(Accounts::read(m_file)->inUse()->pin.has_value());
}

void TestAccounts::refusesABrokenFileWithItsLine()
{
    for (const char* text : {"accounts:\n  - {relay: \"a b\"}\n", "accounts: [}\n",
                             "accounts:\n  - {relay: a.example, pin: nonsense}\n"}) {
        QVERIFY(config::writeFileAtomically(m_file, text).ok());
        const auto accounts = Accounts::read(m_file);
        QVERIFY(!accounts.ok());
        QVERIFY2(accounts.error().find("accounts.yaml:") != std::string::npos,
                 accounts.error().c_str());
    }
}

void TestAccounts::isBounded()
{
    auto accounts = *Accounts::read(m_file);
    for (size_t i = 0; i < Accounts::MaxAccounts; ++i)
        QVERIFY(accounts.put(account("r" + std::to_string(i) + ".example")).ok());
    QVERIFY(!accounts.put(account("more.example")).ok());
    QVERIFY(accounts.put(account("r3.example")).ok()); // replaces
    QCOMPARE(accounts.list().size(), Accounts::MaxAccounts);
}

void TestAccounts::aHintIsNoToken()
{
    QCOMPARE(control::tokenHint(Secret("spt_Ab12Cd34Ef56Gh78Ij90Kl12Mn34Op56")),
             std::string("spt_Ab12"));
    QCOMPARE(control::tokenHint(Secret("short")), std::string());
    QCOMPARE(control::tokenHint(Secret("sixteen_charact.")), std::string("sixt"));
}

QTEST_GUILESS_MAIN(TestAccounts)
#include "tst_accounts.moc"
