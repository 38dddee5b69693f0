#include <sallyport/config/agent_config.h>
#include <sallyport/config/reference.h>
#include <sallyport/config/relay_config.h>
#include <sallyport/config/sources.h>

namespace sallyport::config {

namespace {

constexpr const char* tableHead = "| Key | Type | Default | Meaning |\n|---|---|---|---|\n";

std::string code(const std::string& text)
{
    return text.empty() ? "" : "`" + text + "`";
}

std::string row(const Field& field, const std::string& prefix)
{
    return "| `" + prefix + field.path + "` | " + field.type + " | " + code(field.shown) + " | " +
           field.help + " |\n";
}

std::string describeMap(const FieldMap& map)
{
    Fields shape;
    map.shape(shape);
    std::string text = "### " + map.path + "\n\n" + map.help + " At most " +
                       std::to_string(map.limit) + ".\n\n" + tableHead;
    for (const Field& field : shape.fields())
        text += row(field, map.path + "." + map.keyName + ".");
    return text + "\n";
}

std::string describeReserved(const Fields& fields)
{
    if (fields.reservedFields().empty())
        return {};
    std::string text = "Kept for later and refused now: ";
    for (size_t i = 0; i < fields.reservedFields().size(); ++i)
        text += (i > 0 ? ", `" : "`") + fields.reservedFields()[i].path + "`";
    return text + ".\n\n";
}

constexpr const char* introduction =
    R"(# Configuration

This page is made from the tables that the programs read their configuration with
(`shared/config`); a test compares it with them. To renew it, run the test `tst_reference` with
`SALLYPORT_RENEW_REFERENCE=1`.

**Where values come from**, strongest first: flags, environment, `.env` beside the file, the file,
the default.

**Environment.** Every key has a variable: `SALLYPORT_`, then the path in capitals with `_` between
its parts. `limits.head_timeout` is `SALLYPORT_LIMITS_HEAD_TIMEOUT`, and the `remote_port` of the tunnel
`ssh` is `SALLYPORT_TUNNELS_SSH_REMOTE_PORT`. Lists are separated by commas. An empty variable counts
as unset. A secret may stand in a file of its own, named by the variable with `_FILE` at its end:
`SALLYPORT_TOKEN_FILE=/run/secrets/token`.

**.env** holds `NAME=VALUE` lines, with `#` comments, quotes, and `export` in front if you like.
Nothing is expanded.

**Values.** Durations have a unit: `500ms`, `3s`, `1.5s`, `2m`, `1h30m`. Sizes may: `64KiB`, `16MB`,
`65536`. An address to listen at is `127.0.0.1:7500`, `[::1]:80`, or `:80` for all. Relative paths in
a file are relative to that file's folder, and `~/` is the home folder.

**What is refused**, with file and line: unknown keys, keys given twice, values out of bounds, files
over 1 MiB, YAML anchors, aliases and tags.
)";

} // namespace

std::string describe(const Fields& fields)
{
    std::string text;
    const auto& sections = fields.sections();
    for (size_t i = 0; i < sections.size(); ++i) {
        const size_t end =
            i + 1 < sections.size() ? sections[i + 1].firstField : fields.fields().size();
        text += "### " + sections[i].title + "\n\n";
        if (!sections[i].help.empty())
            text += sections[i].help + "\n\n";
        text += tableHead;
        for (size_t j = sections[i].firstField; j < end; ++j)
            text += row(fields.fields()[j], "");
        text += "\n";
    }
    for (const FieldMap& map : fields.maps())
        text += describeMap(map);
    return text + describeReserved(fields);
}

std::string configurationReference()
{
    RelayConfig relay;
    // The default depends on the machine and the user; the page names the common one.
    relay.stateDir = "/var/lib/sallyport";
    Fields relayFields;
    relay.declare(relayFields);
    AgentConfig agent;
    Fields agentFields;
    agent.declare(agentFields);

    std::string page = introduction;
    page +=
        "\n## relay.yaml\n\nIn `/etc/sallyport/` or as `--config` says. `state_dir` is "
        "`$XDG_STATE_HOME/sallyport` (`~/.local/state/sallyport`) for users other than root.\n\n";
    page += describe(relayFields);
    page += "## agent.yaml\n\nIn `$XDG_CONFIG_HOME/sallyport/` (`~/.config/sallyport/`), "
            "`~/Library/Application Support/Sallyport/` or `%LOCALAPPDATA%\\Sallyport\\`, or as "
            "`--config` says.\n\n";
    page += describe(agentFields);
    while (page.ends_with("\n\n"))
        page.pop_back();
    return page;
}

} // namespace sallyport::config
