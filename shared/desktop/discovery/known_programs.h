// Names of processes for people, and programs that an interpreter runs, out of a command line. The
// command line itself is never kept or shown: it may hold secrets.
#pragma once

#include <string>
#include <string_view>

namespace sallyport::desktop {

// `commandLine`: arguments with a zero byte behind each, as in /proc/PID/cmdline. `shortName`: the
// system's name of the process, taken where the command line is empty. Plain text, at most 64
// bytes.
std::string processName(std::string_view commandLine, std::string_view shortName);

// The first argument that names a program of our table: "vite", "manage.py"; else empty.
std::string knownProgram(std::string_view commandLine);

} // namespace sallyport::desktop
