// Qt's messages in our log.
#include "memory_sink.h"

#include <sallyport/observe/qt_messages.h>

#include <QLoggingCategory>
#include <QTest>

using namespace sallyport::observe;

Q_LOGGING_CATEGORY(testCategory, "test.category")

class TestQtMessages : public QObject
{
    Q_OBJECT

    std::shared_ptr<MemorySink> m_sink = std::make_shared<MemorySink>();

private slots:
    void bringsMessagesWithLevelAndCategory()
    {
        const QtMessageBridge bridge(Log(m_sink, Format::Journal, Level::Debug, fixedTime));
        qWarning("a warning\nof two lines");
        qCInfo(testCategory) << "an info";
        qCritical("critical");
        QCOMPARE(m_sink->take(),
                 std::string("<4>a warning\\nof two lines qt=default\n<6>an info qt=test.category\n"
                             "<3>critical qt=default\n"));
    }

    void givesTheOldHandlerBack()
    {
        static int called = 0;
        const QtMessageHandler before = qInstallMessageHandler(
            [](QtMsgType, const QMessageLogContext&, const QString&) { ++called; });
        {
            const QtMessageBridge bridge(Log(m_sink, Format::Text, Level::Debug));
            qWarning("bridged");
        }
        QCOMPARE(called, 0);
        qWarning("not bridged");
        QCOMPARE(called, 1);
        qInstallMessageHandler(before);
        QVERIFY(m_sink->take().find("not bridged") == std::string::npos);
    }

    void doesNotRunInCirclesWhenASinkSpeaksQt()
    {
        class Chatty : public Sink
        {
        public:
            int lines = 0;
            void write(std::string_view) override
            {
                ++lines;
                qWarning("the sink speaks");
            }
        };
        const auto sink = std::make_shared<Chatty>();
        const QtMessageBridge bridge(Log(sink, Format::Text, Level::Debug));
        qWarning("one");
        QCOMPARE(sink->lines, 1);
    }
};

QTEST_GUILESS_MAIN(TestQtMessages)
#include "tst_qt_messages.moc"
