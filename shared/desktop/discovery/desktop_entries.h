// Icons of programs, by the .desktop files that the system's menus are made of.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::desktop {

struct DesktopEntry
{
    std::string program; // the base name of what Exec starts
    std::string icon;
};
// Empty fields when the text is no entry, or is hidden.
DesktopEntry parseDesktopEntry(std::string_view text);

class DesktopEntries
{
public:
    static constexpr size_t MaxFiles = 2000;
    static constexpr size_t MaxFileSize = 256 * 1024;

    // The folders' .desktop files; earlier folders win. Missing folders are fine.
    static DesktopEntries read(const std::vector<std::string>& folders);
    // $XDG_DATA_HOME and $XDG_DATA_DIRS, each with "/applications".
    static std::vector<std::string> systemFolders();

    // The icon's name, or empty.
    std::string iconOf(const std::string& process) const;

private:
    std::map<std::string, std::string> m_icons; // by program
};

} // namespace sallyport::desktop
