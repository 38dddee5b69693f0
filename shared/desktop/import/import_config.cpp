#include "import/importers.h"
#include "import/readers.h"

#include <sallyport/auth/password_hash.h>
#include <sallyport/desktop/import.h>

#include <algorithm>
#include <array>
#include <optional>

namespace sallyport::desktop {

namespace {

using config::Node;
using Kind = config::Node::Kind;

bool has(const Node& root, std::string_view key, Kind kind)
{
    const Node* node = root.find(key);
    return node && node->kind == kind;
}

bool hasAny(const Node& root, std::initializer_list<std::string_view> keys)
{
    return std::any_of(keys.begin(), keys.end(),
                       [&](std::string_view key) { return root.find(key) != nullptr; });
}

struct Format
{
    ImportFormat format;
    std::string_view name;
    bool (*recognise)(const Node& root);
    void (*import)(const Node& root, ImportBuilder& builder);
};

// By keys that the format alone has; earlier ones are the more particular.
const std::array formats{
    Format{ImportFormat::AxRouter, "ax-router",
           [](const Node& root) {
               return hasAny(root, {"AXR_SERVER", "AXR_TARGET", "AXR_SERVICE"});
           },
           importAxRouter},
    Format{ImportFormat::GoTunnel, "go-tunnel",
           [](const Node& root) {
               return hasAny(root, {"tunnel_addr", "jwt_issuer"});
           },
           importGoTunnel},
    Format{ImportFormat::Nexus, "nexus",
           [](const Node& root) { return has(root, "backends", Kind::List); }, importNexus},
    Format{ImportFormat::Atlax, "atlax",
           [](const Node& root) {
               return has(root, "relay", Kind::Map) && has(root, "services", Kind::List);
           },
           importAtlax},
    Format{ImportFormat::Cloudflared, "cloudflared",
           [](const Node& root) {
               return has(root, "ingress", Kind::List) ||
                      (hasAny(root, {"tunnel", "credentials-file"}) && hasAny(root, {"url"}));
           },
           importCloudflared},
    Format{ImportFormat::Rathole, "rathole",
           [](const Node& root) {
               const Node* client = root.find("client");
               return client && hasAny(*client, {"remote_addr", "services"});
           },
           importRathole},
    Format{ImportFormat::Frp, "frp",
           [](const Node& root) {
               return hasAny(root, {"serverAddr"}) || has(root, "proxies", Kind::List);
           },
           importFrp},
    Format{ImportFormat::Frp, "frp",
           [](const Node& root) {
               const Node* common = root.find("common");
               return common && hasAny(*common, {"server_addr", "server_port", "token"});
           },
           importFrpIni},
    Format{ImportFormat::Ngrok, "ngrok",
           [](const Node& root) {
               return has(root, "endpoints", Kind::List) || has(root, "tunnels", Kind::Map) ||
                      hasAny(root, {"authtoken"});
           },
           importNgrok},
};

// Ours looks like ngrok's at first sight: tunnels is a map there too.
bool isOurOwn(const Node& root)
{
    if (has(root, "relay", Kind::Scalar))
        return true;
    const Node* tunnels = root.find("tunnels");
    return tunnels && tunnels->kind == Kind::Map && !tunnels->entries.empty() &&
           !hasAny(root, {"version", "authtoken", "agent"}) &&
           hasAny(tunnels->entries.front().value, {"http", "tcp", "tls"});
}

} // namespace

std::string_view toText(ImportFormat format)
{
    for (const Format& known : formats)
        if (known.format == format)
            return known.name;
    return "";
}

bool addLogins(config::TunnelConfig& tunnel, const std::vector<ImportLogin>& logins)
{
    for (const ImportLogin& login : logins) {
        auto hash = auth::hashPassword(login.password);
        if (!hash)
            return false;
        tunnel.access.users.push_back({login.user, std::move(*hash)});
    }
    return true;
}

std::string freeRef(const std::string& wanted,
                    const std::function<bool(const std::string& ref)>& isTaken)
{
    std::string ref = wanted;
    for (int number = 2; isTaken(ref); ++number)
        ref = wanted + "-" + std::to_string(number);
    return ref;
}

Result<ImportResult, std::string> importConfig(std::string_view text, const std::string& fileName)
{
    if (text.size() > ImportLimits::Text)
        return Failure(fileName + " is larger than 1 MiB: it is no configuration of a tunnel.");
    const auto tree = readConfigTree(text, fileName);
    if (!tree)
        return Failure(tree.error() + ".");
    if (isOurOwn(*tree))
        return Failure(fileName + " is a configuration of Sallyport itself: use it as agent.yaml.");
    const auto known = std::find_if(formats.begin(), formats.end(),
                                    [&](const Format& format) { return format.recognise(*tree); });
    if (known == formats.end())
        return Failure(fileName + " is not a configuration that is known here: those of ngrok, "
                                  "frpc, cloudflared, rathole, ax-router, go-tunnel, nexus and "
                                  "atlax agents are.");
    ImportBuilder builder(known->format);
    known->import(*tree, builder);
    return builder.take();
}

} // namespace sallyport::desktop
