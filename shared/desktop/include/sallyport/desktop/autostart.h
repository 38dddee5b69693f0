// Starts the desktop app when its user logs in: an XDG autostart entry, the Run key of Windows, or
// a LaunchAgent of macOS.
//
// Threads: any. Only files (and keys) of this name are ever touched.
#pragma once

#include <sallyport/base/result.h>

#include <string>
#include <vector>

namespace sallyport::desktop {

class Autostart
{
public:
    struct Program
    {
        std::string path; // absolute
        std::vector<std::string> arguments = {
            "--minimised"}; // never a secret: others may read them
    };

    // `folder`: where the entries are; empty: the system's ($XDG_CONFIG_HOME/autostart). Not used
    // on Windows.
    explicit Autostart(Program program, std::string folder = {});

    // Whether this program would be started: an entry of another path is not ours.
    bool isOn() const;
    Result<void, std::string> setOn(bool on);

private:
    Program m_program;
    std::string m_folder;
};

} // namespace sallyport::desktop
