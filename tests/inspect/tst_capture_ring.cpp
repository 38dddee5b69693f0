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

    static CaptureEvent piece(uint64_t number, std::string_view bytes = {})
    {
        CaptureEvent event;
        event.key = number;
        event.connection = std::make_shared<ConnectionFacts>();
        event.event.what = BodyPiece{Side::Response, number, bytes};
        return event;
    }
    static std::string textOf(uint64_t number)
    {
        return std::string(number % 7000, char('a' + number % 26));
    }

private slots:
    void handsOverAllInOrderBetweenTwoThreads()
    {
        constexpr uint64_t Count = 100'000; // many times round
        CaptureRing ring;
        std::thread filling([&ring] {
            for (uint64_t number = 0; number < Count; ++number) {
                const std::string text = textOf(number);
                CaptureEvent event = piece(number, text);
                while (!ring.push(event))
                    std::this_thread::yield();
            }
        });
        uint64_t expected = 0;
        bool right = true;
        while (expected < Count) {
            const CaptureEvent* event = ring.front();
            if (!event) {
                std::this_thread::yield();
                continue;
            }
            right = right && event->key == expected &&
                    std::get<BodyPiece>(event->event.what).bytes == textOf(expected);
            ring.pop();
            ++expected;
        }
        filling.join();
        QVERIFY(right);
        QVERIFY(!ring.isOver(1));
        QVERIFY(ring.hasRoomFor(CaptureRing::ByteLimit));
    }

    void takesNoMoreEventsThanItsSlots()
    {
        CaptureRing ring;
        for (size_t i = 0; i < CaptureRing::Slots; ++i) {
            CaptureEvent event;
            QVERIFY(ring.push(event));
        }
        CaptureEvent event = piece(7);
        QVERIFY(!ring.push(event));
        QCOMPARE(event.key, uint64_t(7)); // untouched
        QVERIFY(event.connection);
        QVERIFY(ring.front());
        ring.pop();
        QVERIFY(ring.push(event));
    }

    void takesNoMoreBytesThanItHas()
    {
        CaptureRing ring;
        const std::string text(60'000, 'x');
        size_t taken = 0;
        for (CaptureEvent event = piece(0, text); ring.push(event); event = piece(0, text))
            ++taken;
        QVERIFY(taken * text.size() <= CaptureRing::Size);
        QVERIFY((taken + 2) * text.size() > CaptureRing::Size);
        QVERIFY(!ring.hasRoomFor(0));
        // Round the end of the memory and on.
        for (size_t i = 0; i < 3 * taken; ++i) {
            const CaptureEvent* first = ring.front();
            QVERIFY(first && first->event.exchange == 0);
            QCOMPARE(std::get<BodyPiece>(first->event.what).bytes, std::string_view(text));
            ring.pop();
            CaptureEvent event = piece(i, text);
            if (i % 50 != 0)
                QVERIFY(ring.push(event));
        }
        const std::string tooLong(CaptureRing::Size, 'x');
        CaptureEvent event = piece(0, tooLong);
        QVERIFY(!ring.push(event));
    }

    void destroysWhatItStillHolds()
    {
        CaptureEvent event = piece(1, "abc");
        const std::weak_ptr<const ConnectionFacts> facts = event.connection;
        {
            CaptureRing ring;
            QVERIFY(ring.push(event));
            QVERIFY(!facts.expired());
        }
        QVERIFY(facts.expired());
    }
};

QTEST_GUILESS_MAIN(TestCaptureRing)
#include "tst_capture_ring.moc"
