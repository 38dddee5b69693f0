#include "net_test.h"

#include <sallyport/net/resolver.h>

#include <QThread>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

using namespace sallyport;
using namespace sallyport::net;
using namespace sallyport::net::test;

class TestResolver : public QObject
{
    Q_OBJECT

private slots:
    void answersNumericHostsAtTheNextTurn();
    void findsThisMachine();
    void saysWhatItCouldNotFind();
    void refusesWhatIsNoName_data();
    void refusesWhatIsNoName();
    void staysQuietWhenTheAskerIsGone();
    void mayBeAskedByAContextThatTheAnswerDestroys();
    void answersOnTheThreadThatAsked();
};

static Resolved look(const std::string& host)
{
    QObject context;
    std::optional<Resolved> answer;
    resolve(host, 80, &context, [&](Resolved resolved) { answer = std::move(resolved); });
    if (answer || !runUntil([&] { return answer.has_value(); }))
        qFatal("no answer, or one inside the call");
    return *answer;
}

void TestResolver::answersNumericHostsAtTheNextTurn()
{
    const Resolved four = look("192.0.2.1");
    QCOMPARE(four.addresses.size(), size_t(1));
    QCOMPARE(four.addresses[0].toString(), std::string("192.0.2.1:80"));
    QCOMPARE(look("[2001:db8::1]").addresses.at(0).toString(), std::string("[2001:db8::1]:80"));
}

void TestResolver::findsThisMachine()
{
    const Resolved resolved = look("localhost");
    QVERIFY2(!resolved.addresses.empty(), resolved.error.c_str());
    QVERIFY(std::all_of(resolved.addresses.begin(), resolved.addresses.end(),
                        [](const Address& a) { return a.isLoopback() && a.port() == 80; }));
}

void TestResolver::saysWhatItCouldNotFind()
{
    const Resolved resolved = look("nobody.invalid");
    QVERIFY(resolved.addresses.empty());
    QVERIFY2(resolved.error.starts_with("cannot find nobody.invalid: "), resolved.error.c_str());
}

void TestResolver::refusesWhatIsNoName_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("too long") << QByteArray(254, 'a');
    QTest::newRow("nul") << QByteArray("localhost\0x", 11);
}

void TestResolver::refusesWhatIsNoName()
{
    QFETCH(QByteArray, host);
    const Resolved resolved = look(host.toStdString());
    QVERIFY(resolved.addresses.empty());
    QVERIFY(!resolved.error.empty());
}

void TestResolver::staysQuietWhenTheAskerIsGone()
{
    bool wrong = false;
    for (const char* host : {"127.0.0.1", "localhost", "nobody.invalid"}) {
        const auto context = std::make_unique<QObject>();
        resolve(host, 80, context.get(), [&](Resolved) { wrong = true; });
    }
    look("localhost"); // behind the others
    spin(3);
    QVERIFY(!wrong);
}

void TestResolver::mayBeAskedByAContextThatTheAnswerDestroys()
{
    auto context = std::make_unique<QObject>();
    std::string kept("a text on the heap that is read after the context is gone");
    std::string got;
    resolve("127.0.0.1", 80, context.get(), [&context, &got, kept](Resolved) {
        context.reset();
        got = kept;
    });
    QVERIFY(runUntil([&] { return !got.empty(); }));
    QCOMPARE(got, kept);
}

void TestResolver::answersOnTheThreadThatAsked()
{
    QThread* answeredOn = nullptr;
    QThread thread;
    QObject context;
    context.moveToThread(&thread);
    QMetaObject::invokeMethod(
        &context,
        [&] {
            resolve("localhost", 80, &context, [&](Resolved) {
                answeredOn = QThread::currentThread();
                thread.quit();
            });
        },
        Qt::QueuedConnection);
    thread.start();
    QVERIFY(thread.wait(30'000));
    QCOMPARE(answeredOn, &thread);
}

SALLYPORT_NET_TEST_MAIN(TestResolver)
#include "tst_resolver.moc"
