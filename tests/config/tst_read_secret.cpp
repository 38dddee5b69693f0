// Secrets come by standard input, bounded.
#include <sallyport/config/read_secret.h>

#include <QTemporaryFile>
#include <QTest>

#include <unistd.h>

using namespace sallyport;

namespace {

std::optional<Secret> readText(const QByteArray& input, size_t limit)
{
    QTemporaryFile file;
    if (!file.open() || file.write(input) != input.size() || !file.seek(0) ||
        ::dup2(file.handle(), STDIN_FILENO) != STDIN_FILENO)
        return Secret("the test's file can't be used");
    return config::readSecretText(limit);
}

class TestReadSecret : public QObject
{
    Q_OBJECT

private slots:
    void readsAllUpToTheLimit()
    {
        const auto text = readText("a 1\nb 2\n", 8);
        QVERIFY(text);
        QCOMPARE(std::string(text->reveal()), std::string("a 1\nb 2\n"));
    }

    void readsNothingAsNothing()
    {
        const auto text = readText({}, 8);
        QVERIFY(text && text->empty());
    }

    void refusesWhatIsLonger() { QVERIFY(!readText("a 1\nb 22\n", 8)); }
};

} // namespace

QTEST_APPLESS_MAIN(TestReadSecret)
#include "tst_read_secret.moc"
