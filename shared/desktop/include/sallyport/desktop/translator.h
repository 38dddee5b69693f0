// The language of the app's texts: the system's, or one that was chosen; switched while it runs.
//
//     Translator translator(":/i18n");
//     connect(&translator, &Translator::changed, &engine, &QQmlEngine::retranslate);
//     translator.setLanguage("de");
//
// Threads: the main one, after the QCoreApplication was made. English is what the sources say; the
// file of English holds plural forms alone.
#pragma once

#include <QList>
#include <QObject>
#include <QString>
#include <QTranslator>

namespace sallyport::desktop {

class Translator : public QObject
{
    Q_OBJECT

public:
    struct Language
    {
        QString code; // "de"
        QString name; // in that language, "Deutsch"
    };

    // `folder` holds sallyport_CODE.qm.
    explicit Translator(QString folder, QObject* parent = nullptr);
    ~Translator() override;

    static QList<Language> languages();

    // "de", "en", or "system". An unknown one is taken for "system".
    void setLanguage(const QString& code);
    QString language() const { return m_language; } // as it was set
    QString current() const { return m_current; }   // "de" or "en"

signals:
    void changed();

private:
    void load(const QString& code);

    QString m_folder;
    QString m_language;
    QString m_current;
    QTranslator m_texts;
    QTranslator m_qtTexts; // of Qt's own dialogs, where the system has them
};

} // namespace sallyport::desktop
