#include "visitors/fair_places.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::relay;

class TestFairPlaces : public QObject
{
    Q_OBJECT

private slots:
    void namesTheOldestOfTheAddressThatHoldsMost();
    void namesTheOldestOfAllWhenAddressesHoldTheSame();
    void forgetsWhoLeft();
    void countsAnIpv6NetworkAsOneAddress();
    void keepsManyAddressesInOrder();
};

static net::Address address(const std::string& text)
{
    return *net::Address::fromText(text, 1);
}

void TestFairPlaces::namesTheOldestOfTheAddressThatHoldsMost()
{
    FairPlaces places;
    QVERIFY(!places.firstToGo());
    places.enter(1, address("192.0.2.1"));
    places.enter(2, address("192.0.2.2"));
    places.enter(3, address("192.0.2.2"));
    QCOMPARE(*places.firstToGo(), uint64_t(2));
    places.leave(2);
    QCOMPARE(*places.firstToGo(), uint64_t(1));
}

void TestFairPlaces::namesTheOldestOfAllWhenAddressesHoldTheSame()
{
    FairPlaces places;
    places.enter(1, address("192.0.2.9"));
    places.enter(2, address("192.0.2.1"));
    places.enter(3, address("192.0.2.5"));
    for (uint64_t id : {1u, 2u, 3u}) {
        QCOMPARE(*places.firstToGo(), id);
        places.leave(id);
    }
    QVERIFY(!places.firstToGo());
}

void TestFairPlaces::forgetsWhoLeft()
{
    FairPlaces places;
    places.enter(1, address("192.0.2.1"));
    places.enter(2, address("192.0.2.1"));
    places.enter(3, address("192.0.2.1"));
    places.leave(2);
    places.leave(2);
    QCOMPARE(places.size(), size_t(2));
    places.leave(1);
    QCOMPARE(*places.firstToGo(), uint64_t(3));
    places.leave(3);
    QCOMPARE(places.size(), size_t(0));
}

void TestFairPlaces::countsAnIpv6NetworkAsOneAddress()
{
    FairPlaces places;
    places.enter(1, address("2001:db8:0:1::1"));
    places.enter(2, address("2001:db8:0:2::1"));
    places.enter(3, address("2001:db8:0:2::2"));
    QCOMPARE(*places.firstToGo(), uint64_t(2));
    places.leave(2);
    places.enter(4, address("192.0.2.1"));
    places.enter(5, address("::ffff:192.0.2.1"));
    QCOMPARE(*places.firstToGo(), uint64_t(4));
}

void TestFairPlaces::keepsManyAddressesInOrder()
{
    FairPlaces places;
    // Address n holds n places.
    uint64_t id = 0;
    for (int n = 1; n <= 50; ++n)
        for (int i = 0; i < n; ++i)
            places.enter(++id, address("198.51.100." + std::to_string(n)));
    // Levelled from the top: the one that gives holds most each time, so all end with one.
    while (places.size() > 50)
        places.leave(*places.firstToGo());
    uint64_t last = 0;
    for (int n = 1; n <= 50; ++n) {
        const uint64_t next = *places.firstToGo();
        QVERIFY(next > last);
        last = next;
        places.leave(next);
    }
    QCOMPARE(places.size(), size_t(0));
}

QTEST_APPLESS_MAIN(TestFairPlaces)
#include "tst_fair_places.moc"
