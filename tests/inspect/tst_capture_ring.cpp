// The ring between two threads, without Qt's event loops around it, which the thread sanitizer
// can't look into.
#include "capture_ring.h"

#include <QTest>

#include <thread>

using namespace sallyport;
using namespace sallyport::inspect;

class TestCaptureRing : public QObject
{
    Q_OBJECT

    static CaptureEvent piece(uint64_t number)
    {
        CaptureEvent event;
        event.key = number;
        event.connection = std::make_shared<ConnectionFacts>();
        event.event.what = BodyPiece{Side::Response, number, std::string(number % 64, 'x')};
        return event;
    }

private slots:
    void handsOverAllInOrderBetweenTwoThreads()
    {
        constexpr uint64_t Count = 300'000; // many times round
        CaptureRing ring;
        std::thread filling([&ring] {
            for (uint64_t number = 0; number < Count; ++number) {
                CaptureEvent event = piece(number);
                while (!ring.push(event, number % 64))
                    std::this_thread::yield();
            }
        });
        uint64_t expected = 0;
        bool right = true;
        while (expected < Count) {
            CaptureEvent event;
            if (!ring.pop(event)) {
                std::this_thread::yield();
                continue;
            }
            const auto& bytes = std::get<BodyPiece>(event.event.what).bytes;
            right = right && event.key == expected && bytes.size() == expected % 64;
            ring.released(bytes.size());
            ++expected;
        }
        filling.join();
        QVERIFY(right);
        QVERIFY(!ring.isOver(1));
        QVERIFY(ring.hasRoomFor(CaptureRing::ByteLimit));
    }

    void takesNoMoreThanItsSlots()
    {
        CaptureRing ring;
        for (size_t i = 0; i < CaptureRing::Slots; ++i) {
            CaptureEvent event;
            QVERIFY(ring.push(event, 0));
        }
        CaptureEvent event = piece(7);
        QVERIFY(!ring.push(event, 7));
        QCOMPARE(event.key, uint64_t(7)); // untouched
        CaptureEvent first;
        QVERIFY(ring.pop(first));
        QVERIFY(ring.push(event, 7));
    }
};

QTEST_GUILESS_MAIN(TestCaptureRing)
#include "tst_capture_ring.moc"
