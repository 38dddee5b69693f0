#include <sallyport/desktop/translator.h>

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

#include <algorithm>
#include <utility>

namespace sallyport::desktop {

namespace {

bool isKnown(const QString& code)
{
    const auto languages = Translator::languages();
    return std::any_of(languages.begin(), languages.end(),
                       [&](const Translator::Language& known) { return known.code == code; });
}

QString systemLanguage()
{
    // In the order in which the user prefers them.
    for (const QString& preferred : QLocale::system().uiLanguages())
        if (const QString code = preferred.section('-', 0, 0); isKnown(code))
            return code;
    return "en";
}

} // namespace

Translator::Translator(QString folder, QObject* parent)
    : QObject(parent), m_folder(std::move(folder))
{
    setLanguage("system");
}

// QTranslator takes itself out, unless the application has gone already.
Translator::~Translator() = default;

QList<Translator::Language> Translator::languages()
{
    return {{"en", "English"}, {"de", "Deutsch"}};
}

void Translator::setLanguage(const QString& code)
{
    m_language = isKnown(code) ? code : QStringLiteral("system");
    const bool asSystem = m_language == "system";
    // Numbers and dates too; the system's region stays where its language is chosen.
    QLocale::setDefault(asSystem ? QLocale::system() : QLocale(m_language));
    const QString wanted = asSystem ? systemLanguage() : m_language;
    if (wanted != m_current)
        load(wanted);
}

void Translator::load(const QString& code)
{
    m_current = code;
    QCoreApplication::removeTranslator(&m_texts);
    QCoreApplication::removeTranslator(&m_qtTexts);
    if (m_qtTexts.load("qtbase_" + code, QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(&m_qtTexts);
    // Installed last, asked first.
    if (m_texts.load("sallyport_" + code, m_folder))
        QCoreApplication::installTranslator(&m_texts);
    emit changed();
}

} // namespace sallyport::desktop
