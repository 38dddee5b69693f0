#include "service_text.h"

#include <QCoreApplication>

namespace sallyport::gui {

namespace {

using Code = desktop::ServiceProblem::Code;

const char* sentenceOf(Code code)
{
    switch (code) {
    case Code::Failed:
        return QT_TRANSLATE_NOOP("ServiceText", "The system did not do it.");
    case Code::NoSystemd:
        return QT_TRANSLATE_NOOP("ServiceText",
                                 "This system does not run systemd, so the app can't install a "
                                 "service here. Start at login instead.");
    case Code::ProgramMissing:
        return QT_TRANSLATE_NOOP("ServiceText", "The program “sallyport” was not found beside this "
                                                "one nor in PATH. Install it first.");
    case Code::ProgramUnsafe:
        return QT_TRANSLATE_NOOP("ServiceText",
                                 "Others than the administrator can change the program "
                                 "“sallyport” where it lies, so it is not run with their rights. "
                                 "Install Sallyport for the whole computer first.");
    case Code::ConfigMissing:
        return QT_TRANSLATE_NOOP("ServiceText",
                                 "There is nothing to run yet. Publish a service first.");
    case Code::DialogMissing:
        return QT_TRANSLATE_NOOP("ServiceText",
                                 "The system's password dialog (pkexec) is not installed. Install "
                                 "it first.");
    case Code::DialogNotShown:
        return QT_TRANSLATE_NOOP("ServiceText",
                                 "No program of this desktop shows the system's password dialog. "
                                 "Start its polkit agent, or use “sallyport service” in a "
                                 "terminal.");
    case Code::NotAuthorised:
        return QT_TRANSLATE_NOOP("ServiceText", "Nothing was changed: the administrator's password "
                                                "was not given.");
    case Code::Refused:
        return QT_TRANSLATE_NOOP("ServiceText", "The service can't be set up in this way.");
    }
    return nullptr;
}

// The other sentences say it all.
bool hasDetails(Code code)
{
    return code == Code::Failed || code == Code::Refused;
}

} // namespace

QString serviceText(const desktop::ServiceProblem& problem)
{
    const char* sentence = sentenceOf(problem.code);
    const QString details = QString::fromStdString(problem.text);
    const QString translated = QCoreApplication::translate("ServiceText", sentence);
    if (!hasDetails(problem.code) || details.isEmpty())
        return translated;
    const bool english = translated == QString::fromUtf8(sentence);
    return english ? details : QStringLiteral("%1 (%2)").arg(translated, details);
}

} // namespace sallyport::gui
