// What `sallyport doctor` found, in the language of the window.
//
// Threads: any; depends on the translator alone.
#pragma once

#include <QString>
#include <QStringList>

namespace sallyport::gui {

// "DNS", "Config" and so on, which the program's own output has in English.
QString checkGroup(const QString& group);
// `code` and `facts` of a row; `words`: its English sentence, shown where the code is not known.
QString checkText(const QString& code, const QStringList& facts, const QString& words);

} // namespace sallyport::gui
