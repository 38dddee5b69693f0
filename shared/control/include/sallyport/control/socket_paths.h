// Where running agents listen for `sallyport status`: one socket for each, in a folder that only
// their user can enter.
#pragma once

#include <string>
#include <vector>

namespace sallyport::control {

// $XDG_RUNTIME_DIR/sallyport, else /tmp/sallyport-UID.
std::string controlFolder();
// Makes the folder. False when it is not ours alone: then there is no control socket.
bool prepareControlFolder();
std::string ownControlSocket();
// Of agents that run, and perhaps of some that were killed.
std::vector<std::string> controlSockets();

} // namespace sallyport::control
