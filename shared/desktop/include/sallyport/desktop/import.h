// Takes over the configuration of another tunnel program: what it publishes becomes tunnels of
// ours, and what cannot become one is listed with its place, so that nothing gets lost in silence.
//
// Pure: text in, values out. Credentials of the other system are not taken over, but for the
// passwords of visitors, and no text of a note ever repeats a value. Limits: 1 MiB of text, as many
// tunnels as agent.yaml may hold, 200 notes.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>
#include <sallyport/config/tunnel_config.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::desktop {

enum class ImportFormat : uint8_t {
    Ngrok,       // ngrok.yml, versions 1 to 3
    Frp,         // frpc.toml, .yaml, .ini
    Cloudflared, // config.yml with ingress
    Rathole,     // the [client] part
    AxRouter,    // AXR_* in a .env file
    GoTunnel,    // tunnel_addr, tunnels
    Nexus,       // backends
    Atlax,       // relay, services
};
std::string_view toText(ImportFormat format); // "ngrok"

struct ImportNote
{
    std::string place;    // "proxies[2].plugin"; empty: the whole file
    std::string sentence; // what becomes of it, and the way out where there is one
    bool operator==(const ImportNote&) const = default;
};

// A visitor's name and password.
struct ImportLogin
{
    std::string user;
    Secret password;
};

// What guarded a tunnel there.
struct ImportProtection
{
    std::vector<ImportLogin> logins; // become users of the tunnel by addLogins()
    // Keys of what can't be taken over ("oauth"): as it is, everybody could visit the tunnel.
    std::vector<std::string> lost;
};

struct ImportResult
{
    ImportFormat format = ImportFormat::Ngrok;
    config::Tunnels tunnels;                            // each passes the checks of agent.yaml
    std::map<std::string, ImportProtection> protection; // by ref, where there was any
    std::string relayHint; // the host of the other system's server; empty: none named
    std::vector<ImportNote> notes;
    size_t notesLeftOut = 0;
};

struct ImportLimits
{
    static constexpr size_t Text = 1024 * 1024;
    static constexpr size_t Notes = 200;
};

// `fileName` names the file in messages and decides between YAML, TOML, INI and .env where the text
// does not. The failure is a sentence.
Result<ImportResult, std::string> importConfig(std::string_view text, const std::string& fileName);

// Gives a tunnel users with the hashes of their passwords. Takes tens of milliseconds for each.
// False: there is no memory for it.
bool addLogins(config::TunnelConfig& tunnel, const std::vector<ImportLogin>& logins);

// "web", else "web-2", "web-3", ...: a tunnel that is there already is never replaced by one from a
// file.
std::string freeRef(const std::string& wanted,
                    const std::function<bool(const std::string& ref)>& isTaken);

} // namespace sallyport::desktop
