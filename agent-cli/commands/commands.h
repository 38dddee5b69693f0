// Every command adds itself to the command line; the one that was given leaves what to run in
// `chosen`.
#pragma once

#include "globals.h"

namespace CLI {
class App;
}

namespace sallyport::cli {

void addHttp(CLI::App& app, const Globals& globals, Chosen& chosen);
void addTls(CLI::App& app, const Globals& globals, Chosen& chosen);
void addTcp(CLI::App& app, const Globals& globals, Chosen& chosen);
// tls and udp: known words that this version can't serve yet.
void addReserved(CLI::App& app, Chosen& chosen);
void addUp(CLI::App& app, const Globals& globals, Chosen& chosen);
void addLogin(CLI::App& app, const Globals& globals, Chosen& chosen);
void addLogout(CLI::App& app, const Globals& globals, Chosen& chosen);
void addAccounts(CLI::App& app, const Globals& globals, Chosen& chosen);
void addStatus(CLI::App& app, const Globals& globals, Chosen& chosen);
void addService(CLI::App& app, const Globals& globals, Chosen& chosen);
void addLogs(CLI::App& app, const Globals& globals, Chosen& chosen);
void addInspect(CLI::App& app, const Globals& globals, Chosen& chosen);
void addImport(CLI::App& app, const Globals& globals, Chosen& chosen);
void addDoctor(CLI::App& app, const Globals& globals, Chosen& chosen);
// For visitors of a tunnel.
void addHashPassword(CLI::App& app, Chosen& chosen);
void addAccessToken(CLI::App& app, Chosen& chosen);
void addCompletion(CLI::App& app, Chosen& chosen);
void addVersion(CLI::App& app, Chosen& chosen);

} // namespace sallyport::cli
