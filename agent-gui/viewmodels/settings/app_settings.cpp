#include "app_settings.h"

#include <QCoreApplication>
#include <QSettings>

#include <algorithm>
#include <utility>

namespace sallyport::gui {

namespace {

uint32_t bit(AppSettings::Notice notice)
{
    return 1u << unsigned(notice);
}

constexpr uint32_t AllNotices = 0x3f;

QStringList namesFrom(const QString& text)
{
    QStringList names;
    const auto parts = text.split(',', Qt::SkipEmptyParts);
    for (const QString& part : parts) {
        const QString name = part.trimmed().left(AppSettings::MaxNameLength);
        if (!name.isEmpty() && !names.contains(name, Qt::CaseInsensitive) &&
            names.size() < AppSettings::MaxSecretNames)
            names.append(name);
    }
    return names;
}

} // namespace

AppSettings::AppSettings(QSettings* settings, QObject* parent)
    : QObject(parent), m_settings(settings)
{
    if (m_settings == nullptr)
        return;
    m_autostart.emplace(
        desktop::Autostart::Program{QCoreApplication::applicationFilePath().toStdString()});
    read();
    setUnsaved(!m_settings->isWritable());
}

void AppSettings::read()
{
    m_startMinimised = m_settings->value("start/minimised", false).toBool();
    m_muted = m_settings->value("notifications/muted", 0u).toUInt() & AllNotices;
    readCapture();
}

void AppSettings::readCapture()
{
    const QSettings& file = *m_settings;
    m_capture.on = file.value("capture/on", true).toBool();
    m_capture.keepHistory = file.value("capture/keepHistory", true).toBool();
    m_capture.redaction.always = file.value("capture/redactAlways", false).toBool();
    bool isNumber = false;
    const int budget = file.value("capture/budgetMiB").toInt(&isNumber);
    if (isNumber)
        m_capture.bodyBudget = uint64_t(std::clamp(budget, MinBudgetMiB, MaxBudgetMiB)) << 20;
    applySecretNames(namesFrom(file.value("capture/secretNames").toString()));
}

void AppSettings::write(const QString& key, const QVariant& value)
{
    if (m_settings == nullptr)
        return;
    m_settings->setValue(key, value);
    // A look of its own at the same file, because the status of one that failed stays so for ever.
    QSettings look(m_settings->fileName(), m_settings->format());
    look.setValue(key, value);
    look.sync();
    setUnsaved(look.status() != QSettings::NoError);
}

void AppSettings::setUnsaved(bool unsaved)
{
    const QString file = unsaved ? m_settings->fileName() : QString();
    if (file == std::exchange(m_unsavedIn, file))
        return;
    emit unsavedChanged();
}

void AppSettings::setAutostart(desktop::Autostart autostart)
{
    m_autostart.emplace(std::move(autostart));
    emit startChanged();
}

bool AppSettings::startsAtLogin() const
{
    return m_autostart ? m_autostart->isOn() : m_pretendedAutostart;
}

void AppSettings::setStartAtLogin(bool on)
{
    if (on == startsAtLogin())
        return;
    m_pretendedAutostart = on;
    m_startProblem.clear();
    if (m_autostart) {
        const auto done = m_autostart->setOn(on);
        if (!done)
            m_startProblem = QString::fromStdString(done.error());
    }
    emit startChanged();
}

void AppSettings::setStartMinimised(bool on)
{
    if (on == m_startMinimised)
        return;
    m_startMinimised = on;
    write("start/minimised", on);
    emit startChanged();
}

void AppSettings::setCapture(bool on)
{
    if (on == m_capture.on)
        return;
    m_capture.on = on;
    write("capture/on", on);
    emit captureChanged();
}

void AppSettings::setKeepHistory(bool on)
{
    if (on == m_capture.keepHistory)
        return;
    m_capture.keepHistory = on;
    write("capture/keepHistory", on);
    emit captureChanged();
}

void AppSettings::setRedactAlways(bool on)
{
    if (on == m_capture.redaction.always)
        return;
    m_capture.redaction.always = on;
    write("capture/redactAlways", on);
    emit captureChanged();
}

void AppSettings::setBodyBudgetMiB(int mebibytes)
{
    const int wanted = std::clamp(mebibytes, MinBudgetMiB, MaxBudgetMiB);
    if (wanted == bodyBudgetMiB())
        return;
    m_capture.bodyBudget = uint64_t(wanted) << 20;
    write("capture/budgetMiB", wanted);
    emit captureChanged();
}

void AppSettings::setSecretNames(const QString& names)
{
    const QStringList wanted = namesFrom(names);
    if (wanted == m_secretNames)
        return;
    applySecretNames(wanted);
    write("capture/secretNames", secretNames());
    emit captureChanged();
}

void AppSettings::applySecretNames(const QStringList& names)
{
    m_secretNames = names;
    // The usual ones stay: nobody means to show passwords by adding a name.
    const inspect::Redaction usual;
    m_capture.redaction.headers = usual.headers;
    m_capture.redaction.fields = usual.fields;
    for (const QString& name : names) {
        m_capture.redaction.headers.push_back(name.toStdString());
        m_capture.redaction.fields.push_back(name.toStdString());
    }
}

inspect::CaptureSettings AppSettings::storedCapture(QSettings& settings)
{
    AppSettings stored(nullptr);
    stored.m_settings = &settings;
    stored.readCapture();
    return stored.m_capture;
}

bool AppSettings::notifies(Notice notice) const
{
    return (m_muted & bit(notice)) == 0;
}

void AppSettings::setNotifies(Notice notice, bool on)
{
    if (on == notifies(notice))
        return;
    m_muted ^= bit(notice);
    write("notifications/muted", m_muted);
    emit noticesChanged();
}

} // namespace sallyport::gui
