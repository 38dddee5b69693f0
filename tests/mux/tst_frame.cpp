// The header's bytes, and frames cut out of bytes that arrive in any pieces.
#include "harness.h"

#include <sallyport/mux/frame_reader.h>

#include <QTest>

#include <random>

using namespace sallyport;
using namespace sallyport::mux;

class TestFrame : public QObject
{
    Q_OBJECT

private slots:
    void writesTheHeaderAsTheSpecificationSays();
    void readsWhatItWrote();
    void refusesHeadersThatMeanNothing_data();
    void refusesHeadersThatMeanNothing();
    void readsFramesInAnyPieces();
    void pointsIntoTheInput();
};

void TestFrame::writesTheHeaderAsTheSpecificationSays()
{
    std::byte bytes[HeaderSize];
    encode({FrameType::WindowUpdate, flag::Syn | flag::Fin, 0x01020304, 0xa0b0c0d0}, bytes);
    const QByteArray expected = QByteArray::fromHex("00 01 0005 01020304 a0b0c0d0");
    QCOMPARE(QByteArray(reinterpret_cast<const char*>(bytes), HeaderSize), expected);
}

void TestFrame::readsWhatItWrote()
{
    for (const Frame& frame : {data(1, "x", flag::All), windowUpdate(UINT32_MAX, UINT32_MAX),
                               pingFrame(7, flag::Syn), pingFrame(7, flag::Ack), goAwayFrame(2)}) {
        std::byte bytes[HeaderSize];
        encode(frame.header, bytes);
        QCOMPARE(*decode(bytes), frame.header);
    }
}

void TestFrame::refusesHeadersThatMeanNothing_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("error");
    const auto row = [](const char* name, const char* hex, SessionError error) {
        QTest::newRow(name) << QByteArray::fromHex(hex) << static_cast<int>(error);
    };
    row("version 1", "01 00 0000 00000001 00000000", SessionError::BadVersion);
    row("text", "474554202f20485454502f31", SessionError::BadVersion);
    row("type 4", "00 04 0000 00000001 00000000", SessionError::BadType);
    row("type 255", "00 ff 0000 00000000 00000000", SessionError::BadType);
    row("data on stream 0", "00 00 0000 00000000 00000000", SessionError::BadStreamId);
    row("window update on stream 0", "00 01 0000 00000000 00000001", SessionError::BadStreamId);
    row("ping on a stream", "00 02 0001 00000001 00000000", SessionError::BadStreamId);
    row("go-away on a stream", "00 03 0000 00000001 00000000", SessionError::BadStreamId);
    row("unknown flag", "00 00 0010 00000001 00000000", SessionError::BadFlags);
    row("highest flag", "00 01 8000 00000001 00000000", SessionError::BadFlags);
    row("ping without a flag", "00 02 0000 00000000 00000000", SessionError::BadFlags);
    row("ping both ways", "00 02 0003 00000000 00000000", SessionError::BadFlags);
    row("ping with fin", "00 02 0005 00000000 00000000", SessionError::BadFlags);
    row("go-away with a flag", "00 03 0001 00000000 00000000", SessionError::BadFlags);
}

void TestFrame::refusesHeadersThatMeanNothing()
{
    QFETCH(QByteArray, header);
    QFETCH(int, error);
    QCOMPARE(header.size(), qsizetype(HeaderSize));
    const auto result = decode(reinterpret_cast<const std::byte*>(header.constData()));
    QVERIFY(!result);
    QCOMPARE(static_cast<int>(result.error()), error);

    // The session says the same, and tells the peer.
    Harness h(Role::Server);
    QCOMPARE(h.receiveBytes(std::string_view(header.constData(), HeaderSize)),
             std::string("SessionFailed: ") + toString(static_cast<SessionError>(error)) + "\n");
    QCOMPARE(h.output(), "GoAway 0 - 1\n");
}

static std::vector<Frame> readAll(std::string_view bytes, std::mt19937& random)
{
    FrameReader reader;
    std::vector<Frame> frames;
    bool inBody = false;
    while (!bytes.empty()) {
        const size_t n = std::min<size_t>(bytes.size(), 1 + random() % 17);
        reader.feed(asBytes(bytes.substr(0, n)));
        bytes.remove_prefix(n);
        while (!reader.inputEmpty()) {
            if (inBody) {
                frames.back().body += asText(reader.nextBody());
            } else if (const auto header = reader.nextHeader()) {
                if (!*header)
                    return frames;
                frames.push_back({header->value(), {}});
            }
            inBody = reader.bodyLeft() > 0;
        }
    }
    return frames;
}

void TestFrame::readsFramesInAnyPieces()
{
    const std::vector<Frame> frames = {data(1, "", flag::Syn), data(1, std::string(100, 'a')),
                                       windowUpdate(1, 9),     pingFrame(1, flag::Ack),
                                       data(3, "b"),           goAwayFrame(0)};
    std::mt19937 random(1);
    for (int i = 0; i < 500; ++i)
        QVERIFY(readAll(toBytes(frames), random) == frames);
}

void TestFrame::pointsIntoTheInput()
{
    const std::string bytes = toBytes({data(1, "payload")});
    FrameReader reader;
    reader.feed(asBytes(bytes));
    QVERIFY(reader.nextHeader().has_value());
    QCOMPARE(static_cast<const void*>(reader.nextBody().data()),
             static_cast<const void*>(bytes.data() + HeaderSize));
}

QTEST_APPLESS_MAIN(TestFrame)
#include "tst_frame.moc"
