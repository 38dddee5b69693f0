// What the person chose for the app itself; the agent's configuration is another file. Every value
// is checked when it is read, so that a file edited by hand does no harm.
//
// Threads: the GUI's. Lifetime: as the session, which owns it.
#pragma once

#include <sallyport/desktop/autostart.h>
#include <sallyport/inspect/capture_settings.h>

#include <QObject>
#include <QString>
#include <QStringList>
#include <QtQml/qqmlregistration.h>

#include <optional>

class QSettings;

namespace sallyport::gui {

class AppSettings : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("belongs to the session")

    Q_PROPERTY(bool startAtLogin READ startsAtLogin WRITE setStartAtLogin NOTIFY startChanged)
    // The file of the settings, while what was changed last could not be saved there; else empty.
    Q_PROPERTY(QString unsavedIn READ unsavedIn NOTIFY unsavedChanged)
    Q_PROPERTY(QString startProblem READ startProblem NOTIFY startChanged)
    Q_PROPERTY(bool startMinimised READ startsMinimised WRITE setStartMinimised NOTIFY startChanged)

    Q_PROPERTY(bool capture READ captures WRITE setCapture NOTIFY captureChanged)
    Q_PROPERTY(bool keepHistory READ keepsHistory WRITE setKeepHistory NOTIFY captureChanged)
    Q_PROPERTY(bool redactAlways READ redactsAlways WRITE setRedactAlways NOTIFY captureChanged)
    Q_PROPERTY(int bodyBudgetMiB READ bodyBudgetMiB WRITE setBodyBudgetMiB NOTIFY captureChanged)
    // Names of headers and fields that are secret besides the usual ones, with commas.
    Q_PROPERTY(QString secretNames READ secretNames WRITE setSecretNames NOTIFY captureChanged)

public:
    static constexpr int MinBudgetMiB = 16;
    static constexpr int MaxBudgetMiB = 16 * 1024;
    static constexpr qsizetype MaxSecretNames = 64;
    static constexpr qsizetype MaxNameLength = 64;

    // The ways of telling something. Each can be muted.
    enum class Notice {
        FirstConnection,
        ConnectionLost,
        ConnectionBack,
        UpstreamDown,
        FirstRequest,
        TokenRefused
    };
    Q_ENUM(Notice)

    // Without `settings` nothing is remembered, and nothing of the system is changed.
    explicit AppSettings(QSettings* settings, QObject* parent = nullptr);

    // False in a demonstration.
    bool isReal() const { return m_settings != nullptr; }
    // Other places than the system's, for tests.
    void setAutostart(desktop::Autostart autostart);

    bool startsAtLogin() const;
    void setStartAtLogin(bool on);
    QString startProblem() const { return m_startProblem; }
    QString unsavedIn() const { return m_unsavedIn; }
    bool startsMinimised() const { return m_startMinimised; }
    void setStartMinimised(bool on);

    bool captures() const { return m_capture.on; }
    void setCapture(bool on);
    bool keepsHistory() const { return m_capture.keepHistory; }
    void setKeepHistory(bool on);
    bool redactsAlways() const { return m_capture.redaction.always; }
    void setRedactAlways(bool on);
    int bodyBudgetMiB() const { return int(m_capture.bodyBudget >> 20); }
    void setBodyBudgetMiB(int mebibytes);
    QString secretNames() const { return m_secretNames.join(", "); }
    void setSecretNames(const QString& names);

    // `folder` is left to the caller.
    inspect::CaptureSettings captureSettings() const { return m_capture; }
    // As a program that begins finds them, for an agent that has to be there before its session.
    static inspect::CaptureSettings storedCapture(QSettings& settings);

    Q_INVOKABLE bool notifies(sallyport::gui::AppSettings::Notice notice) const;
    Q_INVOKABLE void setNotifies(sallyport::gui::AppSettings::Notice notice, bool on);

signals:
    void startChanged();
    void captureChanged();
    void noticesChanged();
    void unsavedChanged();

private:
    void read();
    void readCapture();
    void write(const QString& key, const QVariant& value);
    void setUnsaved(bool unsaved);
    void applySecretNames(const QStringList& names);

    QSettings* m_settings;
    std::optional<desktop::Autostart> m_autostart;
    QString m_startProblem;
    QString m_unsavedIn;
    bool m_startMinimised = false;
    bool m_pretendedAutostart = false;
    inspect::CaptureSettings m_capture;
    QStringList m_secretNames;
    uint32_t m_muted = 0; // a bit for each Notice
};

} // namespace sallyport::gui
