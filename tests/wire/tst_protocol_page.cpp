// docs/protocol.md says what the code does: its tables and its hexdump are read here.
#include <sallyport/wire/control_frame.h>
#include <sallyport/wire/message_codec.h>
#include <sallyport/wire/proxy_header.h>
#include <sallyport/wire/refusal.h>

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace sallyport;
using namespace sallyport::wire;

class TestProtocolPage : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyRefusalStandsInATableWithItsRetry();
    void everyStreamFailureIsNamed();
    void everyExampleIsAMessage();
    void everyTypeHasAnExample();
    void theHexdumpIsWhatItSays();

private:
    QString m_page;

    QList<QString> exampleLines() const;
    QList<QByteArray> frames() const;
};

void TestProtocolPage::initTestCase()
{
    QFile file(QStringLiteral(PROTOCOL_PAGE));
    QVERIFY(file.open(QIODevice::ReadOnly));
    m_page = QString::fromUtf8(file.readAll());
}

void TestProtocolPage::everyRefusalStandsInATableWithItsRetry()
{
    for (int i = 0; i <= static_cast<int>(LastRefusalCode); ++i) {
        const auto code = static_cast<RefusalCode>(i);
        const QString text = QString::fromStdString(std::string(codeText(code)));
        const QRegularExpression row(QStringLiteral("^\\|[^|]*`%1`[^|]*\\| (yes|no) \\|").arg(text),
                                     QRegularExpression::MultilineOption);
        const QRegularExpressionMatch match = row.match(m_page);
        QVERIFY2(match.hasMatch(), qPrintable(text));
        QCOMPARE(match.captured(1) == QLatin1String("yes"), canRetry(code));
    }
}

void TestProtocolPage::everyStreamFailureIsNamed()
{
    for (int i = 0; i <= static_cast<int>(LastStreamFailure); ++i) {
        const auto code = std::string(codeText(static_cast<StreamFailure>(i)));
        QVERIFY2(m_page.contains('`' + QString::fromStdString(code) + '`'), code.c_str());
    }
}

// Each message of the JSON blocks, the ones over several lines joined.
QList<QString> TestProtocolPage::exampleLines() const
{
    QList<QString> examples;
    const QRegularExpression block(QStringLiteral("```json\\n(.*?)```"),
                                   QRegularExpression::DotMatchesEverythingOption);
    for (auto it = block.globalMatch(m_page); it.hasNext();)
        for (const QString& line : it.next().captured(1).split('\n', Qt::SkipEmptyParts)) {
            if (line.startsWith('{'))
                examples.append(line);
            else
                examples.last().append(line);
        }
    return examples;
}

void TestProtocolPage::everyExampleIsAMessage()
{
    QVERIFY(exampleLines().size() >= 13);
    for (const QString& example : exampleLines()) {
        const auto message = parseMessage(example.toStdString());
        QVERIFY2(message.ok(), qPrintable(example));
        if (const Hello* hello = std::get_if<Hello>(&message.value()))
            QVERIFY(hello->invalidTunnels.empty() && hello->tunnels.size() == 3);
    }
}

void TestProtocolPage::everyTypeHasAnExample()
{
    QSet<size_t> seen;
    for (const QString& example : exampleLines())
        seen.insert(parseMessage(example.toStdString()).value().index());
    QCOMPARE(size_t(seen.size()), std::variant_size_v<Message>);
}

QList<QByteArray> TestProtocolPage::frames() const
{
    QList<QByteArray> frames;
    const QRegularExpression row(
        QStringLiteral("^(agent|relay|     )  ([0-9a-f]{4})  ((?:[0-9a-f]{2} )+)"),
        QRegularExpression::MultilineOption);
    for (auto it = row.globalMatch(m_page); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        if (match.captured(2) == QLatin1String("0000"))
            frames.append(QByteArray());
        frames.last().append(QByteArray::fromHex(match.captured(3).toLatin1()));
    }
    return frames;
}

void TestProtocolPage::theHexdumpIsWhatItSays()
{
    QCOMPARE(frames().size(), 11);
    std::vector<std::string> types;
    bool proxySeen = false;
    for (const QByteArray& frame : frames()) {
        const ByteView bytes = asBytes({frame.constData(), size_t(frame.size())});
        const ByteView body = bytes.subspan(12);
        const bool isData = bytes[1] == std::byte{0};
        if (isData)
            QCOMPARE(size_t(readU32(bytes.data() + 8)), body.size());
        if (isData && readU32(bytes.data() + 4) == 1) {
            ControlReader reader;
            reader.feed(body);
            const auto message = parseMessage(**reader.next());
            QVERIFY(message.ok());
            types.emplace_back(typeText(message.value()));
        }
        const auto header = parseProxyHeader(body);
        if (isData && header && header.value().size != 0) {
            proxySeen = true;
            QCOMPARE(header.value().size, 80u);
            QCOMPARE(*header.value().header.tunnelId, 7u);
            QCOMPARE(header.value().header.authority, "api.example.com");
            QVERIFY(asText(body.subspan(80)).starts_with("GET / HTTP/1.1\r\n"));
        }
    }
    QCOMPARE(types, (std::vector<std::string>{"hello", "welcome"}));
    QVERIFY(proxySeen);
}

QTEST_APPLESS_MAIN(TestProtocolPage)
#include "tst_protocol_page.moc"
