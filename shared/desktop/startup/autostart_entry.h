// The texts that make a desktop start a program at login. Pure.
#pragma once

#include <sallyport/desktop/autostart.h>

#include <string>
#include <string_view>

namespace sallyport::desktop {

// An XDG autostart entry. A path or argument is quoted as the Desktop Entry Specification asks.
std::string autostartEntry(const Autostart::Program& program);
// Whether the entry starts this program and is not switched off (Hidden, as desktops write it).
bool startsProgram(std::string_view entry, const Autostart::Program& program);

// A LaunchAgent's property list.
std::string launchAgent(const Autostart::Program& program);

} // namespace sallyport::desktop
