// The [client] part of a rathole configuration. Which port visitors use is written in the server's.
#include "import/importers.h"

#include <utility>

namespace sallyport::desktop {

void importRathole(const config::Node& root, ImportBuilder& builder)
{
    const config::Node* client = root.find("client");
    if (!client)
        return;
    builder.hintRelay(textOf(*client, "remote_addr"));
    if (client->find("default_token"))
        builder.note("client.default_token",
                     "Not taken over: a credential of rathole means nothing to a relay.");
    if (client->find("transport"))
        builder.note("client.transport",
                     "Not taken over: the link to the relay is always secured.");
    const config::Node* services = client->find("services");
    if (!services)
        return;
    for (const config::NodeEntry& entry : services->entries) {
        const std::string place = "client.services." + entry.key;
        if (textOf(entry.value, "type") == "udp") {
            builder.note(place + ".type", "Left out: udp tunnels are not supported yet.");
            continue;
        }
        config::TunnelConfig tunnel;
        tunnel.kind = config::TunnelKind::Tcp;
        auto upstream =
            builder.upstream(textOf(entry.value, "local_addr"), tunnel.kind, place + ".local_addr");
        if (!upstream)
            continue;
        tunnel.upstream = std::move(*upstream);
        builder.noteOthers(entry.value,
                           {"type", "local_addr", "token", "nodelay", "retry_interval"}, place);
        builder.note(place, "The port that visitors use stands in the server's configuration: "
                            "choose the same one as the tunnel's port, or the relay chooses.");
        builder.add(entry.key, std::move(tunnel), place);
    }
}

} // namespace sallyport::desktop
