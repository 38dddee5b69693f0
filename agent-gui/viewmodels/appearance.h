// Light or dark, as the person wants it or as the system is. Kept in the program's settings.
//
// Threads: the GUI's. Lifetime: longer than the QML engine.
#pragma once

#include <QObject>
#include <QtQml/qqmlregistration.h>

class QSettings;

namespace sallyport::gui {

class Appearance : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("belongs to the session")

    Q_PROPERTY(Mode mode READ mode WRITE setMode NOTIFY changed)
    Q_PROPERTY(bool dark READ isDark NOTIFY changed)

public:
    enum class Mode { System, Light, Dark };
    Q_ENUM(Mode)

    // Without `settings` nothing is remembered; else they must outlive this.
    explicit Appearance(QSettings* settings, QObject* parent = nullptr);

    Mode mode() const { return m_mode; }
    void setMode(Mode mode);
    bool isDark() const;

signals:
    void changed();

protected:
    // Qt 6.4 tells of a new system scheme by the application's palette alone.
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QSettings* m_settings;
    Mode m_mode = Mode::System;
};

} // namespace sallyport::gui
