// What all connections of one role share: keys, trust, versions, ciphers, application protocols.
//
// A context is immutable once made. Engines on any thread share it by shared_ptr; replacing a
// certificate means making a new context for the connections to come.
//
// Ciphers: AEAD suites with forward secrecy only, AES-128-GCM first (the fastest by a quarter
// here). A TLS 1.2 or 1.3 server resumes sessions by tickets and keeps no session table;
// renegotiation and compression are off.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/tls/certificate.h>
#include <sallyport/tls/error.h>
#include <sallyport/tls/keys.h>
#include <sallyport/tls/ticket_keys.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

struct ssl_ctx_st;

namespace sallyport::tls {

enum class Role : uint8_t { Client, Server };
enum class Version : uint8_t { Tls12, Tls13 };

// Application protocols in order of preference (RFC 7301), such as {"sallyport/1", "http/1.1"}.
using AlpnList = std::vector<std::string>;

// Whose certificates a server takes from its clients. The handshake checks the chain (at most
// ChainDepth authorities), its times, its purpose (TLS client) and, with revocation lists, that
// nothing of it was revoked: a certificate that fails ends the handshake with the alert that says
// why.
struct ClientTrust
{
    static constexpr int ChainDepth = 8;

    // PEM: each is believed by itself, also an intermediate without its root.
    std::string authorities;
    // PEM; empty: none are looked at. Otherwise one of the certificate's issuer must be there and
    // in its time; of authorities further up it may be missing.
    std::string revocationLists;
    // Refuses clients that show no certificate.
    bool required = false;
};

struct ServerConfig
{
    KeyPair keys;
    AlpnList alpn;
    // Without a protocol in common the handshake goes on with none, unless this is set.
    bool requireAlpn = false;
    Version minimum = Version::Tls12;
    // Asks clients for certificates. Sessions are not resumed then: a ticket would outlive a
    // revocation.
    std::optional<ClientTrust> clients = {};
    // Shared by all contexts whose sessions may resume on one another's connections; without it
    // this context alone knows its tickets.
    std::shared_ptr<TicketKeys> tickets = {};
    // A ticket resumes only where this text is the same: what a certificate stands for, so that a
    // renewed one goes on with the sessions of the old, and another one does not.
    std::string sessionScope = "sallyport";
};

// Whom a client believes. There is no "anybody".
// The certificate authorities of the operating system.
struct SystemTrust
{};
// Those of a PEM file, and no others.
struct CaFile
{
    std::string path;
};
// The same from memory.
struct CaPem
{
    std::string pem;
};
// One of these keys. The pin is the identity: names, times and issuers are not looked at, and no
// certificate of another key passes, whoever signed it.
struct PinnedKeys
{
    std::vector<SpkiPin> pins;
};
using Trust = std::variant<SystemTrust, CaFile, CaPem, PinnedKeys>;

struct ClientConfig
{
    // A DNS name (sent as SNI and checked) or an IP address (checked). Needed unless keys are
    // pinned; an Engine may be given another.
    std::string serverName;
    AlpnList alpn;
    // A server that chooses none of `alpn` is refused.
    bool requireAlpn = false;
    Version minimum = Version::Tls12;
    Trust trust = SystemTrust{};
    // Shown to servers that ask for a certificate.
    std::optional<KeyPair> keys = {};
};

class Context
{
public:
    static Result<std::shared_ptr<const Context>, Error> server(const ServerConfig& config);
    static Result<std::shared_ptr<const Context>, Error> client(const ClientConfig& config);
    ~Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    Role role() const { return m_role; }

private:
    friend class Engine;
    friend struct ContextCallbacks;
    explicit Context(Role role) : m_role(role) {}

    Role m_role;
    ssl_ctx_st* m_ctx = nullptr;
    std::string m_serverName;
    std::vector<unsigned char> m_alpn; // wire form: length-prefixed names
    bool m_requireAlpn = false;
    std::vector<SpkiPin> m_pins;
    std::shared_ptr<TicketKeys> m_tickets;
};

} // namespace sallyport::tls
