#include <sallyport/base/secret.h>

#include <QTest>

#include <sstream>
#include <utility>

using namespace sallyport;

class TestSecret : public QObject
{
    Q_OBJECT

private slots:
    void isNotWrittenToAStream();
    void isEmptyAfterAMove();
    void comparesByText();
    void isAssignedToItself();
};

void TestSecret::isNotWrittenToAStream()
{
    std::ostringstream out;
    out << Secret("spt_0123456789") << Secret();
    QCOMPARE(out.str(), "[secret][secret]");
}

void TestSecret::isEmptyAfterAMove()
{
    for (const char* text : {"short", "a text that does not fit into the string object itself"}) {
        Secret first(text);
        Secret second(std::move(first));
        QCOMPARE(second.reveal(), text);
        QVERIFY(first.empty()); // NOLINT: what is left is part of the promise
        Secret third;
        third = std::move(second);
        QCOMPARE(third.reveal(), text);
        QVERIFY(second.empty()); // NOLINT
    }
}

void TestSecret::comparesByText()
{
    QVERIFY(Secret("abc") == Secret("abc"));
    QVERIFY(Secret("abc") != Secret("abd"));
    QVERIFY(Secret("abc") != Secret("abcd"));
    QVERIFY(Secret() == Secret(""));
}

void TestSecret::isAssignedToItself()
{
    Secret secret("abc");
    Secret& same = secret;
    secret = same;
    QCOMPARE(secret.reveal(), "abc");
}

QTEST_APPLESS_MAIN(TestSecret)
#include "tst_secret.moc"
