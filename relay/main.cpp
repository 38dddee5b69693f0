#include "commands/ca_commands.h"
#include "commands/commands.h"

#include <sallyport/config/paths.h>

#include <CLI/CLI.hpp>
#include <cstdio>

using namespace sallyport;

int main(int argc, char** argv)
{
    CLI::App app("The public side of Sallyport: accepts agents and routes visitors to them.");
    app.require_subcommand(0, 1);
    app.fallthrough();

    std::string configFile;
    std::string logLevel;
    std::string logFormat;
    app.add_option("--config", configFile,
                   "the configuration file (default: /etc/sallyport/relay.yaml)");
    app.add_option("--log-level", logLevel, "debug, info, warning or error");
    app.add_option("--log-format", logFormat, "text or json");

    bool json = false;
    CLI::App* serve = app.add_subcommand("serve", "run the relay (the default)");
    CLI::App* check = app.add_subcommand("check", "check the configuration and leave");
    CLI::App* pin = app.add_subcommand("pin", "print the pin of the relay's key");
    CLI::App* status = app.add_subcommand("status", "what the running relay serves");
    status->add_flag("--json", json, "as JSON");
    CLI::App* reload = app.add_subcommand("reload", "make the running relay read its tokens again");
    CLI::App* drain = app.add_subcommand("drain", "stop the running relay after its visitors left");

    bool shortVersion = false;
    CLI::App* version = app.add_subcommand("version", "print the version");
    version->add_flag("--short", shortVersion, "the number alone");

    CLI::App* token = app.add_subcommand("token", "credentials of agents");
    token->require_subcommand(1);
    relay::TokenAddOptions addOptions;
    CLI::App* tokenAdd = token->add_subcommand("add", "make a token and print it, this once");
    tokenAdd->add_option("NAME", addOptions.name, "whose it is (the tenant)")->required();
    tokenAdd->add_option("--kind", addOptions.kinds, "kinds allowed (default: any)")
        ->delimiter(',');
    tokenAdd
        ->add_option("--name", addOptions.names,
                     "names allowed, * stands for anything (default: any)")
        ->delimiter(',');
    tokenAdd
        ->add_option("--hostname", addOptions.hostnames, "own host names allowed (default: none)")
        ->delimiter(',');
    tokenAdd->add_option("--ports", addOptions.ports,
                         "ports allowed, such as 20000-20099 (default: any)");
    tokenAdd->add_option("--expires", addOptions.expires,
                         "30d, 12h, 2027-01-31 or never (the default)");
    tokenAdd->add_flag("--join-line", addOptions.joinLine,
                       "print the whole line for `sallyport login`");
    CLI::App* tokenList = token->add_subcommand("list", "list the tokens (never their secrets)");
    tokenList->add_flag("--json", json, "as JSON");
    std::string idOrName;
    CLI::App* tokenRevoke =
        token->add_subcommand("revoke", "take a token back; its links end at once");
    tokenRevoke->add_option("ID", idOrName, "the token's id, or its name when only one has it")
        ->required();

    const relay::CaCommandLine authority(app);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? relay::Fine : relay::Usage;
    }

    config::Sources sources;
    sources.fileNamed = !configFile.empty();
    sources.file =
        sources.fileNamed ? configFile : config::relayConfigFile(config::processPathContext());
    sources.environment = config::processEnvironment();
    if (!logLevel.empty())
        sources.flags.push_back({"log.level", logLevel, "--log-level"});
    if (!logFormat.empty())
        sources.flags.push_back({"log.format", logFormat, "--log-format"});

    if (*version) {
        std::printf(shortVersion ? "%s\n" : "sallyport-relay %s\n", SALLYPORT_VERSION);
        return relay::Fine;
    }
    if (const auto code = authority.run(sources))
        return *code;
    if (*check)
        return relay::check(sources);
    if (*pin)
        return relay::pin(sources);
    if (*status)
        return relay::status(sources, json);
    if (*reload)
        return relay::tell(sources, "reload");
    if (*drain)
        return relay::tell(sources, "drain");
    if (*tokenAdd)
        return relay::tokenAdd(sources, addOptions);
    if (*tokenList)
        return relay::tokenList(sources, json);
    if (*tokenRevoke)
        return relay::tokenRevoke(sources, idOrName);
    (void)serve;
    return relay::serve(sources, argc, argv);
}
