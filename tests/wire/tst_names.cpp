#include <sallyport/wire/names.h>

#include <QTest>

#include <set>

using namespace sallyport;
using namespace sallyport::wire;

class TestNames : public QObject
{
    Q_OBJECT

private slots:
    void knowsANameWhenItSeesOne_data();
    void knowsANameWhenItSeesOne();
    void bringsHostnamesIntoCanonicalForm_data();
    void bringsHostnamesIntoCanonicalForm();
    void saysWhatIsWrongWithAHostname_data();
    void saysWhatIsWrongWithAHostname();
    void chosenNamesNeverChange();
    void chosenNamesAreValidAndSpread();
    void agentAndTunnelAreKeptApart();
    void anotherAttemptGivesAnotherName();
};

void TestNames::knowsANameWhenItSeesOne_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("valid");
    for (const char* good : {"a", "0", "api", "a-b", "a--b", "9lives"})
        QTest::newRow(good) << QByteArray(good) << true;
    QTest::newRow("63 characters") << QByteArray(63, 'a') << true;
    for (const char* bad : {"-", "-a", "a-", "A", "a.b", "a_b", "a b", "\xc3\xa4", "a\n", "*"})
        QTest::newRow(bad) << QByteArray(bad) << false;
    QTest::newRow("empty") << QByteArray() << false;
    QTest::newRow("64 characters") << QByteArray(64, 'a') << false;
}

void TestNames::knowsANameWhenItSeesOne()
{
    QFETCH(QByteArray, name);
    QFETCH(bool, valid);
    QCOMPARE(isValidName(name.toStdString()), valid);
}

void TestNames::bringsHostnamesIntoCanonicalForm_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("hostname");
    const auto row = [](const char* text, const char* hostname) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(hostname);
    };
    row("api.acme.org", "api.acme.org");
    row("API.Acme.ORG.", "api.acme.org");
    row("localhost", "localhost");
    row("*.Acme.org", "*.acme.org");
    row("xn--bcher-kva.example", "xn--bcher-kva.example");
    row("1.2.3.4.in-addr.arpa", "1.2.3.4.in-addr.arpa");
    row("3com.com", "3com.com");
}

void TestNames::bringsHostnamesIntoCanonicalForm()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, hostname);
    const auto parsed = parseHostname(text.toStdString());
    QVERIFY(parsed.ok());
    QCOMPARE(parsed.value(), hostname.toStdString());
    QCOMPARE(isWildcard(parsed.value()), hostname.startsWith('*'));
}

void TestNames::saysWhatIsWrongWithAHostname_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("error");
    const auto row = [](const char* name, const QByteArray& text, HostnameError error) {
        QTest::newRow(name) << text << static_cast<int>(error);
    };
    row("empty", "", HostnameError::Empty);
    row("a dot", ".", HostnameError::Empty);
    row("two dots", "a..b", HostnameError::EmptyLabel);
    row("dot first", ".a.b", HostnameError::EmptyLabel);
    row("two dots last", "a.b..", HostnameError::EmptyLabel);
    row("underscore", "a_b.org", HostnameError::Underscore);
    row("blank", "a b.org", HostnameError::BadCharacter);
    row("port", "a.org:80", HostnameError::BadCharacter);
    row("umlaut",
        "b\xc3\xbc"
        "cher.de",
        HostnameError::BadCharacter);
    row("NUL", QByteArray("a\0b", 3), HostnameError::BadCharacter);
    row("hyphen first", "-a.org", HostnameError::Hyphen);
    row("hyphen last", "a-.org", HostnameError::Hyphen);
    row("address", "127.0.0.1", HostnameError::Numeric);
    row("number", "1", HostnameError::Numeric);
    row("long label", QByteArray(64, 'a') + ".org", HostnameError::TooLong);
    row("254 characters", QByteArray("a.").repeated(126) + "bb", HostnameError::TooLong);
    row("star inside", "a.*.org", HostnameError::BadWildcard);
    row("star in a label", "a*.acme.org", HostnameError::BadWildcard);
    row("star alone", "*", HostnameError::BadWildcard);
    row("star over one label", "*.org", HostnameError::BadWildcard);
    row("two stars", "*.*.acme.org", HostnameError::BadWildcard);
}

void TestNames::saysWhatIsWrongWithAHostname()
{
    QFETCH(QByteArray, text);
    QFETCH(int, error);
    const auto parsed = parseHostname(text.toStdString());
    QVERIFY(!parsed);
    QCOMPARE(static_cast<int>(parsed.error()), error);
    QVERIFY(!describe(parsed.error()).empty());
}

void TestNames::chosenNamesNeverChange()
{
    // A name that a person has handed out shall be the same after every update: these stay as they
    // are.
    QCOMPARE(chooseName("agent-1", "web"), "open-stone");
    QCOMPARE(chooseName("agent-2", "web"), "cool-acorn");
}

void TestNames::chosenNamesAreValidAndSpread()
{
    std::set<std::string> names;
    for (int i = 0; i < 1000; ++i) {
        const std::string name = chooseName("agent-" + std::to_string(i), "web");
        QVERIFY2(isValidName(name) && name.size() < 30, name.c_str());
        names.insert(name);
    }
    // 1,000 of 16,384: about 30 meetings are expected.
    QVERIFY2(names.size() > 930, std::to_string(names.size()).c_str());
}

void TestNames::agentAndTunnelAreKeptApart()
{
    QVERIFY(chooseName("ab", "c") != chooseName("a", "bc"));
    QVERIFY(chooseName("a", "web") != chooseName("a", "api"));
}

void TestNames::anotherAttemptGivesAnotherName()
{
    const std::string name = chooseName("a", "b");
    QCOMPARE(chooseName("a", "b", 0), name);
    QCOMPARE(chooseName("a", "b", 1), name + "-2");
    QVERIFY(isValidName(chooseName("a", "b", 0xffffffff)));
}

QTEST_APPLESS_MAIN(TestNames)
#include "tst_names.moc"
