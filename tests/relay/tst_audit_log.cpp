#include "audit/audit_log.h"
#include "audit/refusal_budget.h"
#include "audit/rotating_file.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <concepts>
#include <thread>

using namespace sallyport;
using namespace sallyport::relay;
using namespace std::chrono_literals;

namespace {

class Lines : public observe::Sink
{
public:
    void write(std::string_view line) override { text += line; }
    std::string text;
};

QList<QJsonObject> parsed(const std::string& text)
{
    QList<QJsonObject> objects;
    for (const QByteArray& line : QByteArray::fromStdString(text).split('\n'))
        if (!line.isEmpty())
            objects.append(QJsonDocument::fromJson(line).object());
    return objects;
}

std::string contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

static_assert(!std::constructible_from<AuditValue, const Secret&>);
static_assert(!std::constructible_from<AuditValue, Secret>);
static_assert(!std::constructible_from<AuditValue, const auth::Token&>);
static_assert(!std::constructible_from<AuditValue, std::optional<Secret>>);

} // namespace

class TestAuditLog : public QObject
{
    Q_OBJECT

    AuditLog logInto(std::shared_ptr<observe::Sink> sink)
    {
        return AuditLog(
            std::move(sink), [] { return std::chrono::system_clock::time_point(1s); },
            [this] { return m_now; });
    }
    TimePoint m_now{};

private slots:
    void writesOneJsonObjectForEachEvent()
    {
        const auto lines = std::make_shared<Lines>();
        const AuditLog log = logInto(lines);
        const std::vector<std::string> hosts{"a.example.com", "b.example.com"};
        log.record(AuditEvent::ClaimGranted, {{"tenant", "alice"},
                                              {"hosts", hosts},
                                              {"port", std::optional<uint16_t>()},
                                              {"link", 7},
                                              {"tls", true},
                                              {"reason", ""}});
        QCOMPARE(lines->text, std::string(R"({"time":"1970-01-01T00:00:01.000Z",)"
                                          R"("event":"claim.granted","tenant":"alice",)"
                                          R"("hosts":["a.example.com","b.example.com"],)"
                                          R"("link":7,"tls":true})"
                                          "\n"));
    }

    void makesTextFromOutsideHarmless()
    {
        const auto lines = std::make_shared<Lines>();
        logInto(lines).record(AuditEvent::AuthAccepted,
                              {{"agent", "x\"}\n{\"event\":\"forged\"\xff\x1b[2J"}});
        QCOMPARE(std::count(lines->text.begin(), lines->text.end(), '\n'), 1);
        const auto objects = parsed(lines->text);
        QCOMPARE(objects.size(), 1);
        QVERIFY(objects[0]["agent"].toString().startsWith("x\"}\n{\"event\":\"forged\""));
    }

    void keepsALineBelowItsLimitAndSaysWhatIsMissing()
    {
        const auto lines = std::make_shared<Lines>();
        const std::vector<std::string> many(100, std::string(900, 'x'));
        logInto(lines).record(AuditEvent::ClaimGranted, {{"hosts", many}, {"tenant", "alice"}});
        QVERIFY(lines->text.size() < 8 * 1024);
        const auto objects = parsed(lines->text);
        QCOMPARE(objects[0]["fields_left_out"].toInt(), 1);
        QCOMPARE(objects[0]["tenant"].toString(), "alice");
    }

    void keepsBackRefusalsBeyondABurstFromOneHostAndCountsThem()
    {
        const auto lines = std::make_shared<Lines>();
        const AuditLog log = logInto(lines);
        for (int i = 0; i < AuditLog::RefusalBurst + 5; ++i)
            log.recordRefusal(AuditEvent::AuthRefused, "192.0.2.1", {{"code", "bad"}});
        QCOMPARE(parsed(lines->text).size(), AuditLog::RefusalBurst);
        log.recordRefusal(AuditEvent::AuthRefused, "192.0.2.2", {});
        QCOMPARE(parsed(lines->text).size(), AuditLog::RefusalBurst + 1);
        m_now += AuditLog::RefusalInterval;
        log.recordRefusal(AuditEvent::AuthRefused, "192.0.2.1", {});
        QCOMPARE(parsed(lines->text).last()["kept_back"].toInt(), 5);
    }

    void boundsTheTableOfHosts()
    {
        RefusalBudget budget(2, 1s, 10);
        TimePoint now{};
        for (int i = 0; i < 1000; ++i)
            (void)budget.admit("host" + std::to_string(i), now);
        QCOMPARE(budget.size(), size_t(10));
        // Later, newcomers find room again, and hear what the crowd was kept back.
        now += 10s;
        const auto kept = budget.admit("late", now);
        QVERIFY(kept.has_value());
        QVERIFY(budget.size() <= 10);
    }

    void allEventsHaveNamesOfTheirOwn()
    {
        QSet<QString> names;
        for (int i = 0; i <= int(AuditEvent::VisitorRefused); ++i) {
            const std::string_view name = toText(AuditEvent(i));
            names.insert(QString::fromUtf8(name.data(), qsizetype(name.size())));
        }
        QCOMPARE(names.size(), int(AuditEvent::VisitorRefused) + 1);
        QVERIFY(!names.contains("unknown"));
    }

    // --- the file ---

    void theFileIsItsOwnersAlone()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("audit.jsonl");
        const auto log = AuditLog::forCommand({}, path.toStdString());
        QVERIFY(log);
        (*log).record(AuditEvent::TokenAdded, {});
        struct stat info
        {};
        QCOMPARE(::stat(qPrintable(path), &info), 0);
        QCOMPARE(info.st_mode & 0777, 0600u);
        QCOMPARE(parsed(contentOf(path)).size(), 1);
    }

    void aLinkInItsPlaceIsRefusedWithTheWayOut()
    {
        QTemporaryDir folder;
        QVERIFY(QFile::link("/etc/passwd", folder.filePath("audit.jsonl")));
        const auto log = AuditLog::forCommand({}, folder.filePath("audit.jsonl").toStdString());
        QVERIFY(!log);
        QVERIFY(log.error().find("audit.enabled") != std::string::npos);
    }

    void rotatesAtItsLimitAndKeepsSoManyFiles()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("audit.jsonl");
        const auto sink = openRotatingFile({path.toStdString(), 100, 2});
        QVERIFY(sink);
        const std::string line = std::string(39, 'x') + "\n";
        for (int i = 0; i < 20; ++i)
            (*sink)->write(line);
        (*sink)->write(line + line + line + line + line); // a batch is split at its lines
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files),
                 QStringList({"audit.jsonl", "audit.jsonl.1", "audit.jsonl.2"}));
        for (const char* name : {"audit.jsonl", "audit.jsonl.1", "audit.jsonl.2"})
            QVERIFY(contentOf(folder.filePath(name)).size() <= 100);
        QCOMPARE(contentOf(folder.filePath("audit.jsonl")), line);
    }

    void aFileThatWasMovedAwayIsMadeAnew()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("audit.jsonl");
        const auto sink = openRotatingFile({path.toStdString()});
        (*sink)->write("one\n");
        QVERIFY(QFile::rename(path, path + ".old"));
        (*sink)->write("two\n");
        QCOMPARE(contentOf(path + ".old"), std::string("one\n"));
        QCOMPARE(contentOf(path), std::string("two\n"));
    }

    void severalWritersRotateOneFileWithoutLosingALine()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("audit.jsonl");
        constexpr int writers = 4;
        constexpr int each = 500;
        std::vector<std::thread> threads;
        for (int w = 0; w < writers; ++w)
            threads.emplace_back([&, w] {
                const auto sink = openRotatingFile({path.toStdString(), 1000, 1000});
                for (int i = 0; i < each; ++i)
                    (*sink)->write("writer " + std::to_string(w) + " line " + std::to_string(i) +
                                   "\n");
            });
        for (std::thread& thread : threads)
            thread.join();
        QSet<QByteArray> lines;
        for (const QString& name : QDir(folder.path()).entryList(QDir::Files))
            for (const QByteArray& line :
                 QByteArray::fromStdString(contentOf(folder.filePath(name))).split('\n'))
                if (!line.isEmpty())
                    lines.insert(line);
        QCOMPARE(lines.size(), writers * each);
    }

    void tellsOfTroubleOnceAndCountsWhatWasLost()
    {
        QTemporaryDir folder;
        const QString inner = folder.filePath("inner");
        QVERIFY(QDir().mkdir(inner));
        QStringList told;
        RotatingFile file{(inner + "/audit.jsonl").toStdString()};
        file.onTrouble = [&](const std::string& sentence) {
            told << QString::fromStdString(sentence);
        };
        file.lostLine = [](uint64_t n) { return "lost " + std::to_string(n) + "\n"; };
        const auto sink = openRotatingFile(file);
        QVERIFY(sink);
        QVERIFY(QFile::remove(inner + "/audit.jsonl"));
        QVERIFY(QDir().rmdir(inner));
        (*sink)->write("a\nb\n");
        (*sink)->write("c\n");
        QCOMPARE(told.size(), 1);
        QVERIFY(told[0].contains("audit.jsonl"));
        QVERIFY(QDir().mkdir(inner));
        (*sink)->write("d\n");
        QCOMPARE(contentOf(inner + "/audit.jsonl"), std::string("lost 3\nd\n"));
        QCOMPARE(told.last(), QString());
    }
};

QTEST_APPLESS_MAIN(TestAuditLog)
#include "tst_audit_log.moc"
