#include "startup/autostart_entry.h"

#include <sallyport/config/files.h>
#include <sallyport/desktop/autostart.h>

#include <QFile>
#include <QSettings>
#include <QStandardPaths>

#include <utility>

namespace sallyport::desktop {

#ifdef Q_OS_WIN

namespace {

QSettings runKey()
{
    return QSettings(R"(HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Run)",
                     QSettings::NativeFormat);
}

QString commandLine(const Autostart::Program& program)
{
    QString line = '"' + QString::fromStdString(program.path) + '"';
    for (const std::string& argument : program.arguments)
        line += ' ' + QString::fromStdString(argument);
    return line;
}

} // namespace

Autostart::Autostart(Program program, std::string folder)
    : m_program(std::move(program)), m_folder(std::move(folder))
{}

bool Autostart::isOn() const
{
    return runKey().value("Sallyport").toString() == commandLine(m_program);
}

Result<void, std::string> Autostart::setOn(bool on)
{
    QSettings key = runKey();
    if (on)
        key.setValue("Sallyport", commandLine(m_program));
    else
        key.remove("Sallyport");
    key.sync();
    if (key.status() != QSettings::NoError)
        return Failure(std::string("Windows did not let the start at login be changed."));
    return {};
}

#else

namespace {

#ifdef Q_OS_MACOS
constexpr const char* fileName = "net.sallyport.Sallyport.plist";
std::string systemFolder()
{
    return (QStandardPaths::writableLocation(QStandardPaths::HomeLocation) +
            "/Library/LaunchAgents")
        .toStdString();
}
std::string entryOf(const Autostart::Program& program)
{
    return launchAgent(program);
}
bool isEntryOf(const std::string& entry, const Autostart::Program& program)
{
    return entry == launchAgent(program);
}
#else
constexpr const char* fileName = "sallyport.desktop";
std::string systemFolder()
{
    return (QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + "/autostart")
        .toStdString();
}
std::string entryOf(const Autostart::Program& program)
{
    return autostartEntry(program);
}
bool isEntryOf(const std::string& entry, const Autostart::Program& program)
{
    return startsProgram(entry, program);
}
#endif

} // namespace

Autostart::Autostart(Program program, std::string folder)
    : m_program(std::move(program)), m_folder(folder.empty() ? systemFolder() : std::move(folder))
{}

bool Autostart::isOn() const
{
    const auto entry = config::readFile(m_folder + "/" + fileName);
    return entry && isEntryOf(entry->text, m_program);
}

Result<void, std::string> Autostart::setOn(bool on)
{
    const std::string file = m_folder + "/" + fileName;
    if (!on) {
        const QString path = QString::fromStdString(file);
        if (QFile::exists(path) && !QFile::remove(path))
            return Failure(file + " could not be removed: check the permissions of its folder.");
        return {};
    }
    if (const auto made = config::makeFolder(m_folder); !made)
        return Failure("The folder " + m_folder + " " + config::toText(made.error()) + ".");
    if (const auto written = config::writeFileAtomically(file, entryOf(m_program), 0644); !written)
        return Failure(file + " " + config::toText(written.error()) + ".");
    return {};
}

#endif

} // namespace sallyport::desktop
