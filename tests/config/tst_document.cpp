// YAML with lines, stricter than YAML.
#include <sallyport/config/document.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::config;

class TestDocument : public QObject
{
    Q_OBJECT

    static std::string refusal(const std::string& text)
    {
        const auto root = document::parse(text, "x.yaml");
        return root ? "" : root.error().text();
    }

private slots:
    void keepsLinesOfKeysAndValues()
    {
        const auto root =
            document::parse("# comment\na: 1\n\nb:\n  - x\n  - {c: y}\nd: \"\"\ne:\n", "x.yaml");
        QVERIFY(root);
        QCOMPARE(root->entries.size(), size_t(4));
        QCOMPARE(root->find("a")->line, 2);
        QCOMPARE(root->find("a")->text, std::string("1"));
        const Node* list = root->find("b");
        QCOMPARE(list->kind, Node::Kind::List);
        QCOMPARE(list->items[0].line, 5);
        QCOMPARE(list->items[1].find("c")->line, 6);
        QCOMPARE(root->find("d")->kind, Node::Kind::Scalar);
        QCOMPARE(root->find("e")->kind, Node::Kind::Null);
        QVERIFY(!root->find("f"));
    }

    void takesAnEmptyFileAsAnEmptyMap()
    {
        for (const char* text : {"", "\n", "# only a comment\n", "---\n"}) {
            const auto root = document::parse(text, "x.yaml");
            QVERIFY2(root, text);
            QCOMPARE(root->kind, Node::Kind::Map);
            QVERIFY(root->entries.empty());
        }
    }

    void refusesDuplicateKeysOfAnyDepth()
    {
        QCOMPARE(refusal("a: 1\nb: 2\na: 3\n"),
                 std::string("x.yaml:3: a: is given twice (first in line 1): remove one\n"));
        QVERIFY(refusal("m: {a: 1, a: 2}\n").starts_with("x.yaml:1: a: is given twice"));
    }

    void tellsOfEveryDuplicate()
    {
        const auto root = document::parse("a: 1\na: 2\nb: 1\nb: 2\n", "x.yaml");
        QVERIFY(!root);
        QCOMPARE(root.error().list().size(), size_t(2));
    }

    void refusesWhatMeansMoreThanItSeems_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("start");
        QTest::newRow("anchor") << "a: &x 1\n"
                                << "x.yaml:1: anchors";
        QTest::newRow("anchor on a map") << "a: 1\nb: &x {c: 1}\n"
                                         << "x.yaml:2: anchors";
        QTest::newRow("alias") << "a: 1\nb: *x\n"
                               << "x.yaml";
        QTest::newRow("tag") << "a: 1\nb: !!binary aGk=\n"
                             << "x.yaml:2: tags";
        QTest::newRow("two documents") << "a: 1\n---\nb: 2\n"
                                       << "x.yaml: holds more than one document";
        QTest::newRow("a map as key") << "a: 1\n{b: 1}: 2\n"
                                      << "x.yaml:2";
        QTest::newRow("no key") << "a: 1\n~: 2\n"
                                << "x.yaml:2: a key must be plain text";
        QTest::newRow("broken quotes") << "a: 1\nb: 'x"
                                       << "x.yaml:2: is not valid YAML";
        QTest::newRow("tab") << "a:\n\tb: 1\n"
                             << "x.yaml:2: is not valid YAML";
        QTest::newRow("bracket") << "a: [1, 2\nb: 3\n"
                                 << "x.yaml:";
    }
    void refusesWhatMeansMoreThanItSeems()
    {
        QFETCH(QString, text);
        QFETCH(QString, start);
        const QString said = QString::fromStdString(refusal(text.toStdString()));
        QVERIFY2(said.startsWith(start), qPrintable(said));
    }

    void refusesDeepNesting()
    {
        std::string text = "a: ";
        for (size_t i = 0; i < document::MaxDepth - 1; ++i)
            text += "[";
        std::string fits = text + "1";
        for (size_t i = 0; i < document::MaxDepth - 1; ++i)
            fits += "]";
        QCOMPARE(refusal(fits), std::string());
        QVERIFY(refusal("a: " + std::string(document::MaxDepth, '[') +
                        std::string(document::MaxDepth, ']'))
                    .find("nested too deeply") != std::string::npos);
        QVERIFY(!refusal(std::string(100'000, '[')).empty());
        QVERIFY(!refusal(std::string(100'000, '{')).empty());
    }

    void refusesTooManyKeysAndValues()
    {
        std::string keys;
        for (size_t i = 0; i < document::MaxKeys; ++i)
            keys += "k" + std::to_string(i) + ": 1\n";
        QCOMPARE(refusal(keys), std::string());
        QVERIFY(refusal(keys + "one-more: 1\n").find("too many keys") != std::string::npos);
        std::string list = "a: [";
        for (size_t i = 0; i < document::MaxNodes; ++i)
            list += "1,";
        QVERIFY(refusal(list + "1]").find("too many values") != std::string::npos);
    }

    void survivesBytesThatAreNoText()
    {
        for (int first = 0; first < 256; ++first)
            for (const char* rest : {"", ": 1", "\xff\xfe: x", "\n- a\nb"})
                (void)document::parse(std::string(1, char(first)) + rest, "x.yaml");
    }

    void cutsAndCleansWhatItShows()
    {
        Problem problem{Problem::Severity::Error,
                        {Place::Kind::File, "x.yaml", 3},
                        "key",
                        "a\x1b[2Jb" + std::string(200, 'x'),
                        "is wrong"};
        const std::string text = problem.text();
        QVERIFY(text.find('\x1b') == std::string::npos);
        QVERIFY(text.size() < 150);
        QVERIFY(text.starts_with("x.yaml:3: key \"a?[2Jb"));
    }

    void stopsCollectingProblemsAtTheLimit()
    {
        Problems problems;
        for (size_t i = 0; i < Problems::Limit + 7; ++i)
            problems.error({}, "k", "", "wrong");
        QCOMPARE(problems.list().size(), Problems::Limit);
        QCOMPARE(problems.leftOut(), size_t(7));
        QVERIFY(problems.text().ends_with("... and 7 more\n"));
    }
};

QTEST_GUILESS_MAIN(TestDocument)
#include "tst_document.moc"
