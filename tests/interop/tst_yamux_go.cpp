// Our yamux against hashicorp's, over loopback TCP, in both roles.
#include "go_peer.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::mux;
using namespace std::chrono_literals;

class TestYamuxGo : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase_data();

    void movesOneGibibyteOverFiftyStreams();
    void movesBytesThroughLargerWindowsOfThePeer();
    void answersAfterOurHalfClose();
    void takesAnAnswerAfterThePeersHalfClose();
    void learnsOfOurReset();
    void resetsWhatItHasNoBacklogFor();
    void answersPingsAndAsks();
    void hearsOurGoAway();
    void saysItsGoAway();
};

// Each test runs in both roles; `role` is ours.
void TestYamuxGo::initTestCase_data()
{
    QTest::addColumn<int>("role");
    QTest::newRow("as the client") << static_cast<int>(Role::Client);
    QTest::newRow("as the server") << static_cast<int>(Role::Server);
}

static Role ourRole()
{
    QFETCH_GLOBAL(int, role);
    return static_cast<Role>(role);
}

static bool allOver(const GoPeer& peer, size_t count)
{
    size_t over = 0;
    for (const auto& talk : peer.talks())
        over += talk->over();
    return over == count;
}

// Each stream carries the same number of bytes both ways at once; every byte is compared at both
// ends.
static void moveBulk(GoPeer& peer, uint32_t ownStreams, uint32_t peersStreams, uint64_t size)
{
    for (uint32_t i = 0; i < ownStreams; ++i)
        peer.openBulk(1000 + 2 * i, size);
    const std::string command =
        "open-bulk " + std::to_string(peersStreams) + " " + std::to_string(size) + " 5000";
    QCOMPARE(peer.ask(command), std::string("opening"));
    const size_t streams = ownStreams + peersStreams;
    QVERIFY2(peer.waitFor([&] { return allOver(peer, streams + 1); }), peer.failure().c_str());
    size_t moved = 0;
    for (const auto& talk : peer.talks())
        if (talk->bulk && talk->closed && talk->sent == size && talk->received == size)
            ++moved;
    QCOMPARE(moved, streams);
    QCOMPARE(peer.session().streamCount(), size_t(0));
    QCOMPARE(peer.session().unreadBytes(), size_t(0));
}

void TestYamuxGo::movesOneGibibyteOverFiftyStreams()
{
    GoPeer peer(ourRole(), Config());
    moveBulk(peer, 25, 25, (1024u * 1024 * 1024) / 100);
    // Not one stream is left over at the other end.
    QCOMPARE(peer.ask("streams"), std::string("0"));
}

void TestYamuxGo::movesBytesThroughLargerWindowsOfThePeer()
{
    GoPeer peer(ourRole(), Config(), {QStringLiteral("-window"), QStringLiteral("4194304")});
    moveBulk(peer, 2, 2, 30 * 1024 * 1024);
}

void TestYamuxGo::answersAfterOurHalfClose()
{
    GoPeer peer(ourRole(), Config());
    Talk& talk = peer.open("echo\nquestion");
    peer.finish(talk);
    QVERIFY2(peer.waitFor([&] { return talk.over(); }), peer.failure().c_str());
    QVERIFY(talk.closed && talk.accepted);
    QCOMPARE(QByteArray::fromStdString(talk.text), QByteArray("echo:question"));
}

void TestYamuxGo::takesAnAnswerAfterThePeersHalfClose()
{
    GoPeer peer(ourRole(), Config());
    QCOMPARE(peer.ask("open-and-close"), std::string("closed"));
    Talk* talk = nullptr;
    QVERIFY2(peer.waitFor([&] { return (talk = peer.openedByPeer()) && talk->finished; }),
             peer.failure().c_str());
    QCOMPARE(QByteArray::fromStdString(talk->text), QByteArray("bye"));
    QVERIFY(!talk->over());
    peer.say(*talk, "see you");
    peer.finish(*talk);
    QVERIFY2(peer.waitFor([&] { return talk->closed; }), peer.failure().c_str());
    QCOMPARE(peer.ask("streams"), std::string("0"));
}

void TestYamuxGo::learnsOfOurReset()
{
    GoPeer peer(ourRole(), Config());
    Talk& talk = peer.open("wait\n");
    QVERIFY2(peer.waitFor([&] { return talk.text == "waiting"; }), peer.failure().c_str());
    peer.session().reset(talk.id);
    QCOMPARE(peer.ask("last-end"), std::string("connection reset"));
}

void TestYamuxGo::resetsWhatItHasNoBacklogFor()
{
    Config config;
    config.backlog = 300;
    GoPeer peer(ourRole(), config, {QStringLiteral("-deaf")});
    for (int i = 0; i < 300; ++i)
        peer.open("anybody?");
    QVERIFY2(peer.waitFor([&] { return allOver(peer, 300 - 256); }), peer.failure().c_str());
    for (size_t i = 0; i < peer.talks().size(); ++i)
        QCOMPARE(peer.talks()[i]->reset.has_value(), i >= 256);
}

void TestYamuxGo::answersPingsAndAsks()
{
    GoPeer peer(ourRole(), Config());
    QVERIFY2(peer.waitFor([&] { return peer.pingsAnswered() == 1; }), peer.failure().c_str());
    peer.session().ping(Clock::now());
    QVERIFY2(peer.waitFor([&] { return peer.pingsAnswered() == 2; }), peer.failure().c_str());
    QVERIFY(*peer.session().roundTrip() > Duration::zero());
    QCOMPARE(peer.ask("ping"), std::string("pong"));
}

void TestYamuxGo::hearsOurGoAway()
{
    GoPeer peer(ourRole(), Config());
    peer.session().goAway(GoAwayCode::Normal);
    QCOMPARE(peer.ask("open"), std::string("remote end is not accepting connections"));
}

void TestYamuxGo::saysItsGoAway()
{
    GoPeer peer(ourRole(), Config());
    Talk& before = peer.open("echo\nstill ");
    QVERIFY2(peer.waitFor([&] { return before.accepted; }), peer.failure().c_str());
    Talk& command = peer.open("go-away\n");
    QVERIFY2(peer.waitFor([&] { return peer.goAwayReceived(); }), peer.failure().c_str());
    QVERIFY(peer.session().openStream(Clock::now()).error() == OpenError::PeerGoingAway);
    // Streams that live go on.
    peer.say(before, "here");
    peer.finish(before);
    peer.finish(command);
    QVERIFY2(peer.waitFor([&] { return before.over() && command.over(); }), peer.failure().c_str());
    QCOMPARE(QByteArray::fromStdString(before.text), QByteArray("echo:still here"));
}

QTEST_GUILESS_MAIN(TestYamuxGo)
#include "tst_yamux_go.moc"
