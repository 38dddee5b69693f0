// The German of the window: complete, and switched while the program runs.
#include <sallyport/desktop/translator.h>

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using sallyport::desktop::Translator;

namespace {

// "context: source" of each message that has no finished translation.
QStringList unfinished(const QString& file)
{
    QStringList missing;
    QFile input(file);
    if (!input.open(QIODevice::ReadOnly))
        return {"cannot be read: " + file};
    QXmlStreamReader xml(&input);
    QString context;
    QString source;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == u"name")
            context = xml.readElementText();
        else if (xml.name() == u"source")
            source = xml.readElementText();
        else if (xml.name() == u"translation" && xml.attributes().value("type") == u"unfinished")
            missing += context + ": " + source;
    }
    if (xml.hasError())
        missing += xml.errorString();
    return missing;
}

} // namespace

class TstTranslations : public QObject
{
    Q_OBJECT

private slots:
    // The texts of the sources, as they are now, are all in the file and translated.
    void isComplete_data()
    {
        QTest::addColumn<QString>("language");
        QTest::addColumn<QStringList>("options");
        QTest::newRow("German") << "de" << QStringList();
        QTest::newRow("English plural forms") << "en" << QStringList{"-pluralonly"};
    }
    void isComplete()
    {
        QFETCH(QString, language);
        QFETCH(QStringList, options);
        QTemporaryDir folder;
        const QString name = "sallyport_" + language + ".ts";
        const QString copy = folder.filePath(name);
        QVERIFY(QFile::copy(QString(SOURCE_FOLDER) + "/resources/i18n/" + name, copy));
        QStringList arguments;
        for (const QString part :
             {"agent-gui/app", "agent-gui/tray", "agent-gui/viewmodels", "qml", "shared/desktop"})
            if (QFile::exists(QString(SOURCE_FOLDER) + "/" + part))
                arguments += QString(SOURCE_FOLDER) + "/" + part;
        arguments += {"-no-obsolete", "-locations", "none", "-target-language", language};
        arguments += options;
        arguments += {"-ts", copy};
        QProcess lupdate;
        lupdate.start(LUPDATE, arguments);
        QVERIFY(lupdate.waitForFinished());
        QCOMPARE(lupdate.exitCode(), 0);
        const QStringList missing = unfinished(copy);
        QVERIFY2(missing.isEmpty(),
                 qPrintable("run ./dev translations, then translate:\n" + missing.join('\n')));
    }

    void switchesWhileTheProgramRuns()
    {
        Translator translator(":/i18n");
        const auto connected = [] {
            return QCoreApplication::translate("sallyport::gui::Session", "Connected");
        };
        translator.setLanguage("en");
        QCOMPARE(connected(), QString("Connected"));
        QSignalSpy changes(&translator, &Translator::changed);
        translator.setLanguage("de");
        QCOMPARE(changes.count(), 1);
        QCOMPARE(connected(), QString("Verbunden"));
        QCOMPARE(translator.language(), QString("de"));
        translator.setLanguage("nonsense");
        QCOMPARE(translator.language(), QString("system"));
    }

    void knowsPluralFormsOfBothLanguages_data()
    {
        QTest::addColumn<QString>("language");
        QTest::addColumn<int>("count");
        QTest::addColumn<QString>("text");
        QTest::newRow("en 1") << "en" << 1 << "Add 1 tunnel";
        QTest::newRow("en 2") << "en" << 2 << "Add 2 tunnels";
        QTest::newRow("de 1") << "de" << 1 << "1 Tunnel hinzufügen";
        QTest::newRow("de 2") << "de" << 2 << "2 Tunnel hinzufügen";
    }
    void knowsPluralFormsOfBothLanguages()
    {
        QFETCH(QString, language);
        QFETCH(int, count);
        Translator translator(":/i18n");
        translator.setLanguage(language);
        QTEST(QCoreApplication::translate("ImportDialog", "Add %n tunnel(s)", "", count), "text");
    }
};

QTEST_GUILESS_MAIN(TstTranslations)
#include "tst_translations.moc"
