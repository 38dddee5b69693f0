// The languages that the window can speak, for the settings: "as the system", then each by its own
// name. Choosing one changes all texts at once.
//
// Threads: the GUI's. Works on the Translator of this application; without one nothing changes.
#pragma once

#include <QList>
#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

namespace sallyport::desktop {
class Translator;
}

namespace sallyport::gui {

class LanguageChoice : public QObject
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(QList<QString> names READ names NOTIFY changed)
    Q_PROPERTY(int current READ current WRITE setCurrent NOTIFY changed)

public:
    explicit LanguageChoice(QObject* parent = nullptr);

    QList<QString> names() const;
    int current() const;
    void setCurrent(int index);

signals:
    void changed();

private:
    desktop::Translator* m_translator;
};

} // namespace sallyport::gui
