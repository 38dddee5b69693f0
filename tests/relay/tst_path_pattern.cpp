#include "visitors/filters/path_pattern.h"

#include <sallyport/wire/access.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::relay;

namespace {
std::string bytes(const QByteArray& text)
{
    return text.toStdString();
}
} // namespace

class TestPathPattern : public QObject
{
    Q_OBJECT
private slots:
    void matches_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<bool>("open");
        const auto row = [](const char* pattern, const char* target, bool open) {
            QTest::addRow("%s %s", pattern, target)
                << QByteArray(pattern) << QByteArray(target) << open;
        };
        row("/hook", "/hook", true);
        row("/hook", "/hook?a=b", true);
        row("/hook", "/hook?/../admin", true); // a query is no path
        row("/hook", "/hook/", false);
        row("/hook", "/hooks", false);
        row("/hook", "/Hook", false);
        row("/hook", "/", false);
        row("/hook/", "/hook/", true);
        row("/hook/*", "/hook", false);
        row("/hook/*", "/hook/", true);
        row("/hook/*", "/hook/a/b", true);
        row("/.well-known/*", "/.well-known/acme-challenge/x", true);
        row("/api/*/status", "/api/7/status", true);
        row("/api/*/status", "/api/7/8/status", false);
        row("/api/*/status", "/api//status", false);
        row("/a*c", "/abbc", true);
        row("/a*c", "/ac", true);
        row("/a*c", "/ab", false);
        row("/a*b*c", "/axbxbxc", true);
        row("/*", "/", true);
        row("/*", "/anything/below", true);
        row("/*.ics", "/mine.ics", true);
        row("/*.ics", "/a/mine.ics", false);
        // The same path in another spelling.
        row("/hook", "/%68ook", true);
        row("/hook", "/h%6Fok", true);
        row("/with space", "/with%20space", false); // such a pattern is refused beforehand
    }
    void matches()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, target);
        const auto path = plainPath(bytes(target));
        QTEST(path && !wire::checkPathPattern(bytes(pattern)) && pathMatches(bytes(pattern), *path),
              "open");
    }

    // Each is a way past an exception for /public/* to /admin on some server.
    void noExceptionForWhatCouldBeReadOtherwise_data()
    {
        QTest::addColumn<QByteArray>("target");
        for (const char* target : {"/public/../admin",
                                   "/public/%2e%2e/admin",
                                   "/public/%2E%2e/admin",
                                   "/public/.%2e/admin",
                                   "/public/..%2fadmin",
                                   "/public/..%2Fadmin",
                                   "/public%2f..%2fadmin",
                                   "/public/%252e%252e/admin",
                                   "/public/..%252fadmin",
                                   "/public/..\\admin",
                                   "/public/..%5cadmin",
                                   "/public\\..\\admin",
                                   "/public/..;/admin",
                                   "/public/..;x=y/admin",
                                   "/public/%2e%2e;/admin",
                                   "/public/x;/../../admin",
                                   "/public//../admin",
                                   "//public/x",
                                   "/public//x",
                                   "/public/./x",
                                   "/public/.",
                                   "/public/..",
                                   "/public/...",
                                   "/public/.../x",
                                   "/public/.. /admin",
                                   "/public/..%20/admin",
                                   "/public/%20/x",
                                   "/public/. ./admin",
                                   "/public/%00",
                                   "/public/x%00.html",
                                   "/public/x%0a",
                                   "/public/x%0d%0aHost:%20y",
                                   "/public/x%7f",
                                   "/public/%EF%BC%8E%EF%BC%8E/admin",
                                   "/public/\xef\xbc\x8e/admin",
                                   "/public/%c0%ae%c0%ae/admin",
                                   "/public/%",
                                   "/public/%2",
                                   "/public/%zz",
                                   "/public/%%32%65",
                                   "/public/x#/../admin",
                                   "/public/x%23",
                                   "/public/x%3f/../../admin",
                                   "/public/%u002e%u002e/x",
                                   "",
                                   "*",
                                   "public/x",
                                   "?x=/public/y",
                                   "http://h/public/x"})
            QTest::addRow("%s", target) << QByteArray(target);
    }
    void noExceptionForWhatCouldBeReadOtherwise()
    {
        QFETCH(QByteArray, target);
        QVERIFY(!plainPath(bytes(target)));
    }

    void refusesPatternsThatCouldNeverMatch_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        for (const char* pattern :
             {"", "hook", "*", "/a//b", "/a/../b", "/a/./b", "/..", "/%61", "/a b", "/a?b", "/a#b",
              "/a;b", "/a\\b", "/a/**", "/caf\xc3\xa9", "/a\n"})
            QTest::addRow("%s", pattern) << QByteArray(pattern);
    }
    void refusesPatternsThatCouldNeverMatch()
    {
        QFETCH(QByteArray, pattern);
        QVERIFY(wire::checkPathPattern(bytes(pattern)));
    }

    void manyStarsCostLittle()
    {
        std::string pattern = "/";
        for (int i = 0; i < 100; ++i)
            pattern += "a*";
        pattern += "b";
        QVERIFY(!pathMatches(pattern, "/" + std::string(16'000, 'a')));
    }
};

QTEST_APPLESS_MAIN(TestPathPattern)
#include "tst_path_pattern.moc"
