#include "visitors/visitor_gate.h"

#include <QTest>

#include <vector>

using namespace sallyport;
using namespace sallyport::relay;

class TestVisitorGate : public QObject
{
    Q_OBJECT

private slots:
    void turnsAwayWhatIsAboveTheLimit();
    void countsEachAddressByItself();
    void takesAMappedAddressForTheSame();
    void givesThePlaceBackOnceWhateverMoves();
};

static net::Address address(const char* text)
{
    return *net::Address::fromText(text, 1);
}

void TestVisitorGate::turnsAwayWhatIsAboveTheLimit()
{
    VisitorGate gate(2, 0);
    auto one = gate.admit(address("192.0.2.1"));
    auto two = gate.admit(address("192.0.2.1"));
    QVERIFY(one && two);
    QVERIFY(!gate.admit(address("192.0.2.2")));
    QCOMPARE(gate.turnedAway(), uint64_t(1));
    one.reset();
    QVERIFY(gate.admit(address("192.0.2.2")));
}

void TestVisitorGate::countsEachAddressByItself()
{
    VisitorGate gate(10, 1);
    auto one = gate.admit(address("192.0.2.1"));
    QVERIFY(!gate.admit(address("192.0.2.1")));
    auto two = gate.admit(address("2001:db8::1"));
    QVERIFY(two);
    one.reset();
    QVERIFY(gate.admit(address("192.0.2.1")));
    QCOMPARE(gate.inside(), int64_t(1));
}

void TestVisitorGate::takesAMappedAddressForTheSame()
{
    VisitorGate gate(10, 1);
    const auto one = gate.admit(address("192.0.2.1"));
    QVERIFY(!gate.admit(address("::ffff:192.0.2.1")));
}

void TestVisitorGate::givesThePlaceBackOnceWhateverMoves()
{
    VisitorGate gate(10, 5);
    {
        std::vector<VisitorPass> passes;
        for (int i = 0; i < 5; ++i)
            passes.push_back(std::move(*gate.admit(address("192.0.2.1"))));
        VisitorPass moved = std::move(passes[0]);
        passes[0] = std::move(moved);
        QCOMPARE(gate.inside(), int64_t(5));
    }
    QCOMPARE(gate.inside(), int64_t(0));
}

QTEST_APPLESS_MAIN(TestVisitorGate)
#include "tst_visitor_gate.moc"
