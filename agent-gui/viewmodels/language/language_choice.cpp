#include "language_choice.h"

#include <sallyport/desktop/translator.h>

#include <QCoreApplication>

namespace sallyport::gui {

using desktop::Translator;

LanguageChoice::LanguageChoice(QObject* parent)
    : QObject(parent), m_translator(qApp->findChild<Translator*>())
{
    if (m_translator != nullptr)
        connect(m_translator, &Translator::changed, this, &LanguageChoice::changed);
}

QList<QString> LanguageChoice::names() const
{
    QList<QString> names{tr("As the system")};
    for (const Translator::Language& language : Translator::languages())
        names += language.name;
    return names;
}

int LanguageChoice::current() const
{
    const auto languages = Translator::languages();
    for (int i = 0; m_translator != nullptr && i < languages.size(); ++i)
        if (languages[i].code == m_translator->language())
            return i + 1;
    return 0;
}

void LanguageChoice::setCurrent(int index)
{
    const auto languages = Translator::languages();
    if (m_translator == nullptr || index < 0 || index > languages.size() || index == current())
        return;
    m_translator->setLanguage(index == 0 ? QStringLiteral("system") : languages[index - 1].code);
    emit changed();
}

} // namespace sallyport::gui
