#include <sallyport/wire/control_frame.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::wire;

class TestControlFrame : public QObject
{
    Q_OBJECT

private slots:
    void writesALengthInFrontOfTheText();
    void yieldsNothingBeforeAFrameIsWhole();
    void readsFramesAtEverySplit();
    void readsSeveralFramesOfOneFeed();
    void takesTheLongestFrameAndNoLonger();
    void refusesAnEmptyFrame();
    void anErrorStays();
    void holdsABoundedBacklog();
    void framesThatWereReadFreeTheBacklog();
};

namespace {

std::vector<std::string> readAll(ControlReader& reader)
{
    std::vector<std::string> frames;
    for (;;) {
        const auto frame = reader.next();
        if (!frame || !*frame)
            return frames;
        frames.emplace_back(**frame);
    }
}

} // namespace

void TestControlFrame::writesALengthInFrontOfTheText()
{
    QCOMPARE(encodeControlFrame("{}"), std::string("\0\0\0\2{}", 6));
    QCOMPARE(encodeControlFrame(std::string(258, 'x')).substr(0, 4), std::string("\0\0\1\2", 4));
}

void TestControlFrame::yieldsNothingBeforeAFrameIsWhole()
{
    ControlReader reader;
    const std::string frame = encodeControlFrame("{\"a\":1}");
    for (size_t i = 0; i < frame.size(); ++i) {
        const auto next = reader.next();
        QVERIFY(next.ok() && !*next);
        reader.feed(asBytes(frame).subspan(i, 1));
    }
    QCOMPARE(readAll(reader), std::vector<std::string>{"{\"a\":1}"});
}

void TestControlFrame::readsFramesAtEverySplit()
{
    const std::vector<std::string> texts = {"{}", "{\"type\":\"x\"}", std::string(300, 'y')};
    std::string bytes;
    for (const std::string& text : texts)
        bytes += encodeControlFrame(text);
    for (size_t split = 0; split <= bytes.size(); ++split) {
        ControlReader reader;
        reader.feed(asBytes(bytes).first(split));
        std::vector<std::string> frames = readAll(reader);
        reader.feed(asBytes(bytes).subspan(split));
        for (std::string& frame : readAll(reader))
            frames.push_back(std::move(frame));
        QCOMPARE(frames, texts);
    }
}

void TestControlFrame::readsSeveralFramesOfOneFeed()
{
    ControlReader reader;
    reader.feed(asBytes(encodeControlFrame("one") + encodeControlFrame("two")));
    QCOMPARE(readAll(reader), (std::vector<std::string>{"one", "two"}));
    QCOMPARE(reader.bytesHeld(), 0u);
}

void TestControlFrame::takesTheLongestFrameAndNoLonger()
{
    ControlReader reader;
    reader.feed(asBytes(encodeControlFrame(std::string(MaxControlFrame, 'x'))));
    QCOMPARE(readAll(reader).at(0).size(), MaxControlFrame);
    reader.feed(asBytes(std::string("\0\1\0\1", 4)));
    QVERIFY(reader.next().error() == FrameError::TooLong);
}

void TestControlFrame::refusesAnEmptyFrame()
{
    ControlReader reader;
    reader.feed(asBytes(std::string(4, '\0')));
    QVERIFY(reader.next().error() == FrameError::Empty);
}

void TestControlFrame::anErrorStays()
{
    ControlReader reader;
    reader.feed(asBytes("GET / HTTP/1.1\r\n"));
    QVERIFY(reader.next().error() == FrameError::TooLong);
    reader.feed(asBytes(encodeControlFrame("{}")));
    QVERIFY(reader.next().error() == FrameError::TooLong);
}

void TestControlFrame::holdsABoundedBacklog()
{
    ControlReader reader(1000);
    const std::string many(1000 + MaxControlFrame + 4, '\1');
    reader.feed(asBytes(many));
    QCOMPARE(reader.bytesHeld(), many.size());
    ControlReader fuller(1000);
    fuller.feed(asBytes(many));
    fuller.feed(asBytes("x"));
    QVERIFY(fuller.next().error() == FrameError::BacklogFull);
}

void TestControlFrame::framesThatWereReadFreeTheBacklog()
{
    ControlReader reader(1000);
    const std::string frame = encodeControlFrame(std::string(60000, 'x'));
    for (int i = 0; i < 20; ++i) {
        reader.feed(asBytes(frame));
        QCOMPARE(readAll(reader).size(), 1u);
    }
}

QTEST_APPLESS_MAIN(TestControlFrame)
#include "tst_control_frame.moc"
