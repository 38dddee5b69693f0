// Where running agents listen for the programs of their user: one socket for each, in folders that
// only this user can enter.
//
// There are several such folders: that of a login ($XDG_RUNTIME_DIR), that of the service which
// runs before anybody logs in, and one for programs without a login. Each program makes its socket
// in its own and looks into all of them. One whose XDG_RUNTIME_DIR is none of the system's has a
// world of its own.
//
// Threads: any.
#pragma once

#include <string>
#include <vector>

namespace sallyport::control {

// $XDG_RUNTIME_DIR/sallyport, else /tmp/sallyport-UID.
std::string controlFolder();
// Makes the folder. False when it is not ours alone: then there is no control socket.
bool prepareControlFolder();
std::string ownControlSocket();

// The RuntimeDirectory= of this user's service that starts with the computer: below `run`, which
// root alone writes to.
std::string serviceRuntimeFolder(unsigned user, const std::string& run = "/run");
// The folders that are there and ours alone, controlFolder() first. Anybody may have made one of
// these names in /tmp, and a service could be made to run for somebody else: a folder of another
// owner, or one that others can enter, is left out, as is one that is reached by a link.
std::vector<std::string> controlFolders(const std::string& run = "/run");
// Of agents that run, and perhaps of some that were killed.
std::vector<std::string> controlSockets();

} // namespace sallyport::control
