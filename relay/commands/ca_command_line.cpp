#include "commands/ca_commands.h"

namespace sallyport::relay {

namespace {

void addRootOptions(CLI::App& command, CaRootOptions& options, const char* keyHelp)
{
    command.add_option("--root-key", options.keyFile, keyHelp);
    command.add_flag("--passphrase", options.askPassphrase,
                     "ask for the pass phrase of the root's key (without a terminal: read it from "
                     "standard input)");
    command.add_option("--passphrase-file", options.passphraseFile,
                       "read the pass phrase from this file");
}

} // namespace

CaCommandLine::CaCommandLine(CLI::App& app)
{
    CLI::App* ca = app.add_subcommand("ca", "certificates of agents: the relay's own authority");
    ca->require_subcommand(1);

    m_init = ca->add_subcommand("init", "make the authority");
    m_init->add_option("--name", m_initOptions.name,
                       "what it calls itself (default: the relay's domain)");
    m_init
        ->add_option("--host", m_initOptions.hosts,
                     "more names and addresses at which agents reach the relay")
        ->delimiter(',');
    addRootOptions(*m_init, m_initOptions.root,
                   "where to put the root's key (default: root.key in state_dir/ca; move it away)");

    m_issue = ca->add_subcommand("issue", "make a certificate with its key for an agent");
    m_issue->add_option("NAME", m_issueOptions.name, "whose it is (the tenant)")->required();
    m_issue->add_option("--kinds", m_issueOptions.kinds, "kinds allowed (default: any)")
        ->delimiter(',');
    m_issue
        ->add_option("--names", m_issueOptions.names,
                     "names allowed, * stands for anything (default: any)")
        ->delimiter(',');
    m_issue
        ->add_option("--hostnames", m_issueOptions.hostnames,
                     "own host names allowed (default: none)")
        ->delimiter(',');
    m_issue->add_option("--ports", m_issueOptions.ports,
                        "ports allowed, such as 20000-20099 (default: any)");
    auto* lifetime = m_issue->add_option("--lifetime", m_issueOptions.lifetime,
                                         "how long it is valid: 90d (the default), 12h, 10m");
    m_issue->add_option("--days", m_issueOptions.days, "the same in days")
        ->check(CLI::Range(1, 3650))
        ->excludes(lifetime);
    m_issue->add_option("-o,--output", m_issueOptions.output,
                        "where to write it (default: -, standard output)");
    m_issue->add_option("--csr", m_issueOptions.requestFile,
                        "certify the key of this request, and make none");

    m_list = ca->add_subcommand("list", "list the certificates");
    m_list->add_flag("--json", m_json, "as JSON");

    m_revoke = ca->add_subcommand("revoke", "take certificates back; their links end at once");
    m_revoke
        ->add_option("NAME", m_nameOrSerial, "all certificates of that name, or a serial number")
        ->required();

    m_renew = ca->add_subcommand("renew", "give the authority's own certificates a longer life");
    m_renew
        ->add_option("WHAT", m_renewOptions.what,
                     "intermediate (needs the root's key), server, or root (says how)")
        ->required()
        ->check(CLI::IsMember({"intermediate", "server", "root"}));
    m_renew
        ->add_option("--host", m_renewOptions.hosts,
                     "server: more names and addresses at which agents reach the relay")
        ->delimiter(',');
    m_renew->add_flag("--new-key", m_renewOptions.newKey,
                      "intermediate: its key was stolen; revokes it and all that it signed");
    addRootOptions(*m_renew, m_renewOptions.root,
                   "intermediate: where the root's key is (default: root.key in state_dir/ca)");
}

std::optional<int> CaCommandLine::run(const config::Sources& sources) const
{
    if (*m_init)
        return caInit(sources, m_initOptions);
    if (*m_issue)
        return caIssue(sources, m_issueOptions);
    if (*m_list)
        return caList(sources, m_json);
    if (*m_revoke)
        return caRevoke(sources, m_nameOrSerial);
    if (*m_renew)
        return caRenew(sources, m_renewOptions);
    return std::nullopt;
}

} // namespace sallyport::relay
