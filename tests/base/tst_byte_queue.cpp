#include <sallyport/base/byte_queue.h>

#include <QTest>

#include <random>

using namespace sallyport;

class TestByteQueue : public QObject
{
    Q_OBJECT

private slots:
    void ownsNothingWhenEmpty();
    void copiesSmallPiecesIntoOneBlock();
    void takesLargeSlicesWithoutACopy();
    void keepsOrderUnderRandomUse();
    void keepsFreeBlocksWithinTheLimit();
    void letsSlicesOutliveThePool();
};

static Slice sliceOf(BufferPool& pool, size_t size, char fill)
{
    Buffer buffer = pool.acquire(size);
    std::fill_n(reinterpret_cast<char*>(buffer.data()), size, fill);
    return Slice(buffer, 0, size);
}

void TestByteQueue::ownsNothingWhenEmpty()
{
    BufferPool pool;
    ByteQueue queue(pool);
    queue.append(asBytes("hello"));
    QVERIFY(pool.bytesInUse() > 0);
    queue.consume(5);
    QCOMPARE(pool.bytesInUse(), size_t(0));
}

void TestByteQueue::copiesSmallPiecesIntoOneBlock()
{
    BufferPool pool;
    ByteQueue queue(pool);
    queue.append(asBytes("one "));
    queue.append(asBytes("two"));
    QCOMPARE(queue.pieces(), size_t(1));
    QCOMPARE(queue.peekText(), std::string("one two"));
    QCOMPARE(pool.bytesInUse(), BufferPool::SmallBlock);
}

void TestByteQueue::takesLargeSlicesWithoutACopy()
{
    BufferPool pool;
    ByteQueue queue(pool);
    const Slice slice = sliceOf(pool, 30000, 'x');
    queue.append(slice);
    QCOMPARE(queue.front().data(), slice.data());
}

void TestByteQueue::keepsOrderUnderRandomUse()
{
    std::mt19937 random(7);
    BufferPool pool;
    ByteQueue queue(pool);
    ByteQueue second(pool);
    std::string expected;
    for (int step = 0; step < 20000; ++step) {
        const size_t n = random() % 5000;
        const char fill = static_cast<char>('a' + step % 26);
        switch (random() % 6) {
        case 0:
            queue.append(asBytes(std::string(n / 50, fill)));
            expected += std::string(n / 50, fill);
            break;
        case 1:
            queue.append(sliceOf(pool, n + 1, fill));
            expected += std::string(n + 1, fill);
            break;
        case 2: {
            MutableByteView room = queue.reserve(n + 1);
            const size_t filled = std::min(room.size(), n);
            std::fill_n(reinterpret_cast<char*>(room.data()), filled, fill);
            queue.commit(filled);
            expected += std::string(filled, fill);
            break;
        }
        case 3: {
            // Through another queue and back: nothing may be lost or reordered.
            second.moveFrom(queue, n);
            ByteQueue rest(pool);
            rest.moveFrom(queue, queue.size());
            queue.moveFrom(second, second.size());
            queue.moveFrom(rest, rest.size());
            break;
        }
        case 4: {
            if (queue.empty())
                break;
            const Slice slice = queue.takeFront(n + 1);
            QCOMPARE(std::string(asText(slice.view())), expected.substr(0, slice.size()));
            expected.erase(0, slice.size());
            break;
        }
        default: {
            const size_t gone = std::min(queue.size(), n * 2);
            QCOMPARE(queue.peekText(gone), expected.substr(0, gone));
            queue.consume(gone);
            expected.erase(0, gone);
        }
        }
        QCOMPARE(queue.size(), expected.size());
    }
    QCOMPARE(queue.peekText(), expected);
    queue.clear();
    QCOMPARE(pool.bytesInUse(), size_t(0));
}

void TestByteQueue::keepsFreeBlocksWithinTheLimit()
{
    BufferPool pool(2 * BufferPool::LargeBlock);
    {
        ByteQueue queue(pool);
        for (int i = 0; i < 10; ++i)
            queue.append(sliceOf(pool, BufferPool::LargeBlock, 'x'));
    }
    QCOMPARE(pool.bytesInUse(), size_t(0));
    QCOMPARE(pool.bytesFree(), 2 * BufferPool::LargeBlock);
}

void TestByteQueue::letsSlicesOutliveThePool()
{
    Slice slice;
    {
        BufferPool pool;
        slice = sliceOf(pool, 10, 'y');
    }
    QCOMPARE(std::string(asText(slice.view())), std::string(10, 'y'));
}

QTEST_APPLESS_MAIN(TestByteQueue)
#include "tst_byte_queue.moc"
