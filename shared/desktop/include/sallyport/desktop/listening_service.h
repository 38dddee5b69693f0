// A TCP service that listens on this computer, as the Publish page shows it. Plain values.
#pragma once

#include <sallyport/config/tunnel_config.h>

#include <cstdint>
#include <string>

namespace sallyport::desktop {

// What a service seems to be. Names and titles come from outside: shown as plain text alone.
struct ServiceGuess
{
    enum class Sort : uint8_t {
        Unknown,
        Web,
        RemoteShell,
        RemoteDesktop,
        Database,
        Mail,
        Files,
        Messages, // brokers and queues
        System,   // name service, printing: not what one publishes
    };

    Sort sort = Sort::Unknown;
    std::string name;  // "PostgreSQL", "Vite", "Jupyter"; empty: unknown
    std::string title; // the web page's title, at most 120 bytes; empty: none
    bool tls = false;  // it speaks TLS itself
    // What to publish it as. Tls where it ends TLS itself.
    config::TunnelKind kind = config::TunnelKind::Tcp;

    bool operator==(const ServiceGuess&) const = default;
};

struct ListeningService
{
    uint16_t port = 0;
    std::string host;     // where this computer reaches it: "127.0.0.1", "::1", or its one address
    bool exposed = false; // the network reaches it without a tunnel: it listens on all addresses
    int64_t pid = 0;      // 0: another user's process, which may not be looked at
    std::string process;  // the program's name, "node"; never its arguments. Empty: unknown
    std::string icon;     // a name of the icon theme; empty: none known
    ServiceGuess guess;
    bool probed = false; // the guess is final until the service changes

    bool operator==(const ListeningService&) const = default;
};

} // namespace sallyport::desktop
