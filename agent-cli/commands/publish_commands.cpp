// http, tls and tcp publish one upstream each; udp is a known word without a service yet.
#include "basic_auth.h"
#include "commands.h"
#include "exit_code.h"
#include "run/agent_run.h"
#include "say.h"

#include <sallyport/config/tunnel_config.h>
#include <sallyport/control/settings.h>

#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <string>
#include <vector>

namespace sallyport::cli {

namespace {

struct PublishFlags
{
    std::string upstream;
    std::string name;
    std::string hostname;
    std::string hostHeader;
    std::string protocol;
    std::string remotePort;
    std::string httpUpstream;
    std::string certificate;
    std::string certificateFile;
    std::string certificateKey;
    bool proxyProtocol = false;
    std::string basicAuth;
    std::string basicAuthFile;
    std::vector<std::string> allow;
    std::vector<std::string> deny;
};

// A name for the tunnel in logs: "http-3000".
std::string refFor(config::TunnelKind kind, const std::string& upstream)
{
    const auto parsed = config::Upstream::parse(upstream, kind);
    const std::string place =
        parsed && !parsed->isUnix() ? std::to_string(parsed->endpoint.port) : "local";
    return std::string(wire::kindText(kind)) + "-" + place;
}

std::string joined(const std::vector<std::string>& items)
{
    std::string text;
    for (const std::string& item : items)
        text += (text.empty() ? "" : ",") + item;
    return text;
}

int publish(config::TunnelKind kind, const PublishFlags& flags, const Globals& globals)
{
    const std::string word(wire::kindText(kind));
    const std::string ref = refFor(kind, flags.upstream);
    const std::string path = "tunnels." + ref + ".";
    std::vector<config::Flag> extra = {{path + word, flags.upstream, "sallyport " + word}};
    const auto add = [&](const char* key, const std::string& text, const char* flag) {
        if (!text.empty())
            extra.push_back({path + key, text, flag});
    };
    add("name", flags.name, "--name");
    add("hostname", flags.hostname, "--hostname");
    add("host_header", flags.hostHeader, "--host-header");
    add("protocol", flags.protocol, "--upstream-protocol");
    add("remote_port", flags.remotePort, "--remote-port");
    add("http_upstream", flags.httpUpstream, "--http-upstream");
    add("certificate", flags.certificate, "--certificate");
    add("certificate_file", flags.certificateFile, "--certificate-file");
    add("certificate_key", flags.certificateKey, "--certificate-key");
    add("proxy_protocol", flags.proxyProtocol ? "true" : "", "--proxy-protocol");

    add("access.allow", joined(flags.allow), "--allow");
    add("access.deny", joined(flags.deny), "--deny");
    if (kind == config::TunnelKind::Http) {
        auto user = basicAuthUser(flags.basicAuth, flags.basicAuthFile);
        if (!user)
            return complain(Usage, user.error());
        if (*user)
            add("access.users", **user, "--basic-auth");
    }

    RunPlan plan;
    plan.globals = globals;
    plan.purpose = word + " " + flags.upstream + " " + flags.name + " " + flags.hostname;
    plan.load = [globals, extra, ref]() -> Result<control::Settings, std::string> {
        auto settings = loadSettings(globals, extra);
        if (!settings)
            return settings;
        // The file's own tunnels are for `sallyport up`.
        const config::TunnelConfig wanted = settings->config.tunnels[ref];
        settings->config.tunnels = {{ref, wanted}};
        return settings;
    };
    return runAgent(plan);
}

CLI::App* addKind(CLI::App& app, config::TunnelKind kind, const std::string& about,
                  const Globals& globals, Chosen& chosen,
                  const std::shared_ptr<PublishFlags>& flags)
{
    CLI::App* command = app.add_subcommand(std::string(wire::kindText(kind)), about);
    command->add_option("upstream", flags->upstream, "PORT, HOST:PORT or unix:/PATH")
        ->required()
        ->type_name("UPSTREAM");
    command->add_flag("--proxy-protocol", flags->proxyProtocol,
                      "Begin each upstream connection with a PROXY protocol v2 header");
    command->add_option("--allow", flags->allow, "Only visitors of this network, like 10.0.0.0/8")
        ->type_name("NETWORK")
        ->delimiter(',');
    command->add_option("--deny", flags->deny, "No visitors of this network")
        ->type_name("NETWORK")
        ->delimiter(',');
    command->callback([&chosen, &globals, kind, flags] {
        chosen = [&globals, kind, flags] { return publish(kind, *flags, globals); };
    });
    return command;
}

void addHost(CLI::App& command, const std::shared_ptr<PublishFlags>& flags)
{
    command.add_option("--name", flags->name, "The name under the relay's domain")
        ->type_name("NAME");
    command
        .add_option("--hostname", flags->hostname,
                    "A host name of your own that points at the relay")
        ->type_name("HOST");
}

void addRemotePort(CLI::App& command, const std::shared_ptr<PublishFlags>& flags)
{
    command.add_option("--remote-port", flags->remotePort, "The port at the relay")
        ->type_name("PORT");
}

} // namespace

void addHttp(CLI::App& app, const Globals& globals, Chosen& chosen)
{
    const auto flags = std::make_shared<PublishFlags>();
    CLI::App* command = addKind(app, config::TunnelKind::Http, "Publish a local web server",
                                globals, chosen, flags);
    addHost(*command, flags);
    command
        ->add_option("--basic-auth", flags->basicAuth,
                     "Ask visitors for this password (other users of this machine may see it "
                     "here; SALLYPORT_BASIC_AUTH or the next do not show it)")
        ->type_name("USER:PASSWORD");
    command->add_option("--basic-auth-file", flags->basicAuthFile, "The same, from a file")
        ->type_name("FILE");
    command
        ->add_option("--host-header", flags->hostHeader, "The Host header that the upstream sees")
        ->type_name("HOST");
    command
        ->add_option("--upstream-protocol", flags->protocol,
                     "What the upstream speaks: http1, or h2c (HTTP/2 without TLS, for gRPC)")
        ->type_name("PROTOCOL");
}

void addTcp(CLI::App& app, const Globals& globals, Chosen& chosen)
{
    const auto flags = std::make_shared<PublishFlags>();
    CLI::App* command =
        addKind(app, config::TunnelKind::Tcp, "Publish any TCP service", globals, chosen, flags);
    addRemotePort(*command, flags);
}

void addTls(CLI::App& app, const Globals& globals, Chosen& chosen)
{
    const auto flags = std::make_shared<PublishFlags>();
    CLI::App* command =
        addKind(app, config::TunnelKind::Tls,
                "Publish a service that ends TLS itself; the relay cannot read what passes",
                globals, chosen, flags);
    addHost(*command, flags);
    addRemotePort(*command, flags);
    command
        ->add_option("--http-upstream", flags->httpUpstream,
                     "Where visitors without TLS go; else they are sent to https")
        ->type_name("UPSTREAM");
    command
        ->add_option("--certificate", flags->certificate,
                     "auto: end TLS here, with a certificate obtained through the tunnel; the "
                     "service speaks plain")
        ->type_name("auto|none");
    command
        ->add_option("--certificate-file", flags->certificateFile,
                     "The same with a certificate chain of your own (PEM)")
        ->type_name("FILE");
    command->add_option("--certificate-key", flags->certificateKey, "The key to it (PEM)")
        ->type_name("FILE");
}

void addReserved(CLI::App& app, Chosen& chosen)
{
    const std::string word = "udp";
    CLI::App* command = app.add_subcommand(word, "Not in this version yet");
    // Taken, so that what is said is about the command and not about its arguments.
    const auto ignored = std::make_shared<std::array<std::string, 4>>();
    command->add_option("upstream", (*ignored)[0])->type_name("UPSTREAM");
    command->add_option("--hostname", (*ignored)[1])->type_name("HOST");
    command->add_option("--name", (*ignored)[2])->type_name("NAME");
    command->add_option("--remote-port", (*ignored)[3])->type_name("PORT");
    command->callback([&chosen, word, ignored] {
        chosen = [word] {
            return complain(Usage, "`sallyport " + word +
                                       "` is not in this version yet; `sallyport http`, "
                                       "`sallyport tls` and `sallyport tcp` are");
        };
    });
}

} // namespace sallyport::cli
