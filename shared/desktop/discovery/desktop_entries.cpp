#include "discovery/desktop_entries.h"

#include <sallyport/config/files.h>

#include <QDirIterator>
#include <QFile>
#include <QStandardPaths>

#include <algorithm>

namespace sallyport::desktop {

namespace {

// The program of an Exec line: its first word, without quotes and without `env NAME=value` before
// it.
std::string programOf(std::string_view exec)
{
    while (!exec.empty()) {
        std::string_view word = exec.substr(0, exec.find(' '));
        exec.remove_prefix(std::min(exec.size(), word.size() + 1));
        if (word.starts_with('"'))
            word.remove_prefix(1);
        if (word.ends_with('"'))
            word.remove_suffix(1);
        const size_t slash = word.rfind('/');
        const std::string_view name =
            slash == std::string_view::npos ? word : word.substr(slash + 1);
        if (name.empty() || name == "env" || word.find('=') != std::string_view::npos)
            continue;
        return std::string(name);
    }
    return {};
}

} // namespace

DesktopEntry parseDesktopEntry(std::string_view text)
{
    DesktopEntry entry;
    bool inEntry = false;
    while (!text.empty()) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.starts_with('['))
            inEntry = line == "[Desktop Entry]";
        else if (!inEntry)
            continue;
        else if (line.starts_with("Exec="))
            entry.program = programOf(line.substr(5));
        else if (line.starts_with("Icon="))
            entry.icon = std::string(line.substr(5));
        else if (line == "Hidden=true")
            return {};
    }
    return entry;
}

std::vector<std::string> DesktopEntries::systemFolders()
{
    std::vector<std::string> folders;
    for (const QString& folder :
         QStandardPaths::standardLocations(QStandardPaths::ApplicationsLocation))
        folders.push_back(folder.toStdString());
    return folders;
}

DesktopEntries DesktopEntries::read(const std::vector<std::string>& folders)
{
    DesktopEntries entries;
    size_t files = 0;
    for (const std::string& folder : folders) {
        QDirIterator iterator(QString::fromStdString(folder), {"*.desktop"}, QDir::Files,
                              QDirIterator::Subdirectories);
        while (iterator.hasNext() && files++ < MaxFiles) {
            const auto file = config::readFile(iterator.next().toStdString(), MaxFileSize);
            if (!file)
                continue;
            DesktopEntry entry = parseDesktopEntry(file->text);
            if (!entry.program.empty() && !entry.icon.empty())
                entries.m_icons.try_emplace(std::move(entry.program), std::move(entry.icon));
        }
    }
    return entries;
}

std::string DesktopEntries::iconOf(const std::string& process) const
{
    const auto found = m_icons.find(process);
    return found == m_icons.end() ? std::string() : found->second;
}

} // namespace sallyport::desktop
