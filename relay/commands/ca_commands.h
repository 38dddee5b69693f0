// `sallyport-relay ca ...`: the relay's own certificate authority.
#pragma once

#include "authority/ca_store.h"
#include "commands/commands.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::relay {

// Where the root's key is, and its pass phrase.
struct CaRootOptions
{
    std::string keyFile;
    std::string passphraseFile;
    bool askPassphrase = false;
};

struct CaInitOptions
{
    std::string name;
    std::vector<std::string> hosts; // more names of the relay
    CaRootOptions root;
};
int caInit(const config::Sources& sources, const CaInitOptions& options);

struct CaIssueOptions
{
    std::string name;
    std::vector<std::string> kinds;
    std::vector<std::string> names;
    std::vector<std::string> hostnames;
    std::string ports;
    std::string lifetime = "90d";
    uint32_t days = 0; // instead of the lifetime
    std::string output = "-";
    std::string requestFile;
};
int caIssue(const config::Sources& sources, const CaIssueOptions& options);

int caList(const config::Sources& sources, bool json);
int caRevoke(const config::Sources& sources, const std::string& nameOrSerial);

struct CaRenewOptions
{
    std::string what; // intermediate, server or root
    std::vector<std::string> hosts;
    CaRootOptions root;
    bool newKey = false;
};
int caRenew(const config::Sources& sources, const CaRenewOptions& options);

// The command line of all of them. It must outlive the parsing.
class CaCommandLine
{
public:
    explicit CaCommandLine(CLI::App& app);
    // Nothing when another command was meant.
    std::optional<int> run(const config::Sources& sources) const;

private:
    CLI::App* m_init;
    CLI::App* m_issue;
    CLI::App* m_list;
    CLI::App* m_revoke;
    CLI::App* m_renew;
    CaInitOptions m_initOptions;
    CaIssueOptions m_issueOptions;
    CaRenewOptions m_renewOptions;
    std::string m_nameOrSerial;
    bool m_json = false;
};

} // namespace sallyport::relay
