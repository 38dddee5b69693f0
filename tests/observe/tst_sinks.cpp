// The sink with a thread of its own, and standard error.
#include "memory_sink.h"

#include <sallyport/observe/sinks.h>

#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>

using namespace sallyport::observe;

namespace {

// Lets its writer wait until the test opens it.
class Gate : public Sink
{
public:
    void write(std::string_view line) override
    {
        std::unique_lock lock(m_mutex);
        m_entered = true;
        m_changed.notify_all();
        m_changed.wait(lock, [this] { return m_open; });
        m_text += line;
    }
    void waitUntilEntered()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_entered; });
    }
    void open()
    {
        const std::lock_guard lock(m_mutex);
        m_open = true;
        m_changed.notify_all();
    }
    std::string text()
    {
        const std::lock_guard lock(m_mutex);
        return m_text;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::string m_text;
    bool m_entered = false;
    bool m_open = false;
};

} // namespace

class TestSinks : public QObject
{
    Q_OBJECT
private slots:
    void passesLinesOnInOrder()
    {
        const auto memory = std::make_shared<MemorySink>();
        const auto queued = queuedSink(memory);
        std::string wanted;
        for (int i = 0; i < 1000; ++i) {
            const std::string line = std::to_string(i) + "\n";
            queued->write(line);
            wanted += line;
        }
        queued->flush();
        QCOMPARE(memory->take(), wanted);
    }

    void neverWaitsForASlowReaderAndCountsWhatItDrops()
    {
        const auto gate = std::make_shared<Gate>();
        const auto queued = queuedSink(gate, 20);
        queued->write("first\n");
        gate->waitUntilEntered();
        // The reader stands still; 20 bytes may wait, the rest goes.
        for (int i = 0; i < 10; ++i)
            queued->write("123456789\n");
        gate->open();
        queued->flush();
        QCOMPARE(gate->text(),
                 std::string("first\n123456789\n123456789\n"
                             "... 8 log lines dropped: nobody reads them fast enough\n"));
    }

    void writesWhatIsQueuedBeforeItGoes()
    {
        const auto memory = std::make_shared<MemorySink>();
        {
            const auto queued = queuedSink(memory);
            queued->write("last words\n");
        }
        QCOMPARE(memory->take(), std::string("last words\n"));
    }

    void leavesAReaderThatNeverComesBackBehind()
    {
        const auto gate = std::make_shared<Gate>();
        {
            const auto queued = queuedSink(gate, 100);
            queued->write("stuck\n");
            gate->waitUntilEntered();
        } // two seconds at most
        gate->open();
    }

    void tellsTheJournalFromOtherOutputs()
    {
        qunsetenv("JOURNAL_STREAM");
        QVERIFY(!standardErrorIsJournal());
        struct stat info
        {};
        QCOMPARE(::fstat(STDERR_FILENO, &info), 0);
        qputenv("JOURNAL_STREAM", QByteArray::number(quint64(info.st_dev)) + ":" +
                                      QByteArray::number(quint64(info.st_ino)));
        QVERIFY(standardErrorIsJournal());
        qputenv("JOURNAL_STREAM", "1:2");
        QVERIFY(!standardErrorIsJournal());
        qputenv("JOURNAL_STREAM", "nonsense");
        QVERIFY(!standardErrorIsJournal());
    }

    void writesToStandardError()
    {
        int ends[2];
        QCOMPARE(::pipe(ends), 0);
        const int saved = ::dup(STDERR_FILENO);
        ::dup2(ends[1], STDERR_FILENO);
        standardErrorSink()->write("hello\n");
        ::dup2(saved, STDERR_FILENO);
        ::close(saved);
        ::close(ends[1]);
        char text[16] = {};
        QCOMPARE(::read(ends[0], text, sizeof(text)), ssize_t(6));
        QCOMPARE(QByteArray(text), QByteArray("hello\n"));
        ::close(ends[0]);
    }
};

QTEST_GUILESS_MAIN(TestSinks)
#include "tst_sinks.moc"
