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
    void aRelayMayHaveSeveral();
    void aFileOfEarlierStaysAsItIs();
    void aConfiguredRelayUsesTheOneInUseElseTheFirst();
    void theyAreNamedAsPeopleNameThem();
    void refusesANumberThatNoneHas();

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
    QVERIFY(!accounts.freeNumber(account("r3.example").relay).ok());
    QCOMPARE(accounts.inUse()->id(), "r49.example:7000");
    QVERIFY(accounts.put(account("r3.example")).ok()); // replaces
    QCOMPARE(accounts.list().size(), Accounts::MaxAccounts);
}

void TestAccounts::aHintIsNoToken()
{
    QCOMPARE(control::tokenHint(Secret("spt_Ab12Cd34Ef56Gh78Ij90Kl12Mn34Op56")),
             std::string("spt_Ab12"));
    QCOMPARE(control::tokenHint(Secret("short")), std::string());
    QCOMPARE(control::tokenHint(Secret("sixteen_charact.")), std::string("sixt"));
    const std::string jwt =
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ." + std::string(37, 'x') + "Ab12Cd";
    QCOMPARE(control::tokenHint(Secret(jwt)), std::string("jwt\xe2\x80\xa6"
                                                          "Ab12Cd"));
}

void TestAccounts::aRelayMayHaveSeveral()
{
    auto accounts = *Accounts::read(m_file);
    QVERIFY(accounts.put(account("a.example")).ok());
    KnownAccount second = account("wss://a.example:7000/x"); // another way to the same relay
    QCOMPARE(*accounts.freeNumber(second.relay), 2u);
    second.number = 2;
    second.tokenHint = "spt_Ab12";
    QVERIFY(accounts.put(second).ok());
    KnownAccount third = account("a.example", "work");
    third.number = *accounts.freeNumber(third.relay);
    QVERIFY(accounts.put(third).ok());
    QCOMPARE(accounts.inUse()->id(), std::string("a.example:7000#3"));
    QVERIFY(accounts.write().ok());
    auto again = *Accounts::read(m_file);
    QVERIFY(again.list() == accounts.list());
    QCOMPARE(again.inUse()->id(), std::string("a.example:7000#3"));
    // Told apart where nobody gave them a name.
    const auto views = again.views();
    QCOMPARE(views[0].label, std::string());
    QVERIFY2(views[1].label.ends_with("(spt_Ab12)"), views[1].label.c_str());
    QCOMPARE(views[2].label, std::string("work"));
    // A number that is free again is used again; the others keep theirs.
    again.remove("a.example:7000");
    QCOMPARE(*again.freeNumber(third.relay), 1u);
    QVERIFY(again.find("a.example:7000#2") && again.find("a.example:7000#3"));
}

void TestAccounts::aFileOfEarlierStaysAsItIs()
{
    const std::string text = "in_use: \"a.example:7000\"\n"
                             "accounts:\n"
                             "  - relay: \"a.example:7000\"\n"
                             "    label: \"Home\"\n"
                             "    token_hint: \"spt_Ab12\"\n"
                             "    in_file: true\n"
                             "  - relay: \"tls://b.example:443\"\n";
    QVERIFY(config::writeFileAtomically(m_file, text).ok());
    auto accounts = *Accounts::read(m_file);
    QCOMPARE(accounts.inUse()->id(), std::string("a.example:7000"));
    QVERIFY(accounts.find("b.example:443") != nullptr);
    QVERIFY(accounts.write().ok());
    QVERIFY(QString::fromStdString(config::readFile(m_file)->text)
                .endsWith(QString::fromStdString(text)));
}

void TestAccounts::aConfiguredRelayUsesTheOneInUseElseTheFirst()
{
    auto accounts = *Accounts::read(m_file);
    KnownAccount second = account("a.example");
    second.number = 2;
    QVERIFY(accounts.put(account("a.example")).ok());
    QVERIFY(accounts.put(second).ok());
    const auto relay = *config::RelayAddress::parse("tls://a.example:7000");
    QCOMPARE(accounts.of(relay)->id(), std::string("a.example:7000#2"));
    QVERIFY(accounts.put(account("b.example")).ok());
    QCOMPARE(accounts.of(relay)->id(), std::string("a.example:7000"));
    QVERIFY(!accounts.of(*config::RelayAddress::parse("c.example")));
}

void TestAccounts::theyAreNamedAsPeopleNameThem()
{
    auto accounts = *Accounts::read(m_file);
    KnownAccount second = account("a.example", "work");
    second.number = 2;
    QVERIFY(accounts.put(account("a.example")).ok());
    QVERIFY(accounts.put(second).ok());
    QVERIFY(accounts.put(account("b.example:443", "home")).ok());
    QCOMPARE(accounts.named("a.example:7000#2")->id(), std::string("a.example:7000#2"));
    QCOMPARE(accounts.named("work")->id(), std::string("a.example:7000#2"));
    QCOMPARE(accounts.named("tls://b.example:443")->id(), std::string("b.example:443"));
    QVERIFY(!accounts.named("a.example").ok());
    const auto several = accounts.named("tls://a.example");
    QVERIFY(!several.ok());
    QVERIFY2(several.error().find("2 accounts") != std::string::npos, several.error().c_str());
    QVERIFY2(several.error().find("a.example:7000#2  work") != std::string::npos,
             several.error().c_str());
    QVERIFY(accounts.rename("b.example:443", "work").ok());
    QVERIFY(!accounts.named("work").ok());
    const auto unknown = accounts.named("play");
    QVERIFY(!unknown.ok());
    QVERIFY2(unknown.error().find("no account here") != std::string::npos, unknown.error().c_str());
}

void TestAccounts::refusesANumberThatNoneHas()
{
    for (const char* number : {"0", "51", "-1", "2x", "99999999999"}) {
        QVERIFY(
            config::writeFileAtomically(
                m_file, std::string("accounts:\n  - {relay: a.example, number: ") + number + "}\n")
                .ok());
        const auto accounts = Accounts::read(m_file);
        QVERIFY(!accounts.ok());
        QVERIFY2(accounts.error().find("accounts.yaml:2") != std::string::npos,
                 accounts.error().c_str());
    }
}

QTEST_GUILESS_MAIN(TestAccounts)
#include "tst_accounts.moc"
