// What a credential allows. Parsed once; asked at every hello.
//
// A fresh grant allows all kinds, any name under the relay's domain and any port of the relay's
// range, and no host name: a host name of one's own is somebody's claim to a domain, which a relay
// shared by several people must not give away by default.
#pragma once

#include <sallyport/auth/timestamp.h>
#include <sallyport/base/result.h>
#include <sallyport/config/ports.h>
#include <sallyport/config/tunnel_config.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::auth {

// A list of words, or everything, or nothing.
struct Patterns
{
    static constexpr size_t MaxItems = 1000;

    bool any = false;
    std::vector<std::string> items;

    static Patterns all() { return {true, {}}; }
    static Patterns none() { return {}; }
    bool operator==(const Patterns&) const = default;
};

struct Permissions
{
    // Kinds allowed; empty is all.
    std::vector<config::TunnelKind> kinds;
    // Labels under the domain; "*" in a pattern stands for any run of characters: "pr-*".
    Patterns names = Patterns::all();
    // Host names; "*.acme.org" allows every one-label host below acme.org and the wildcard itself.
    Patterns hostnames = Patterns::none();
    // Within the relay's own range.
    config::PortRanges ports = config::PortRanges::all();

    bool operator==(const Permissions&) const = default;
};

struct UdpRoute
{
    uint16_t port = 0;
    std::optional<std::chrono::seconds> flowIdleTimeout;
    bool operator==(const UdpRoute&) const = default;
};

// What a credential says beyond permissions. Nothing, for a token.
struct Terms
{
    // The link must show a fresh credential this often, within `reauthGrace` of being asked.
    std::optional<std::chrono::seconds> reauthInterval;
    std::chrono::seconds reauthGrace{10};
    std::optional<uint64_t> maxTunnels; // of one link
    std::optional<uint64_t> maxLinks;   // of the tenant
    uint32_t weight = 1;                // in a pool of links
    std::vector<UdpRoute> udpRoutes;    // kept for tunnels of that kind
    std::string signedBy;               // the key's fingerprint; empty when no key of ours did

    bool operator==(const Terms&) const = default;
};

// What proved the identity; who must be asked whether it still stands.
enum class Source { Token, Jwt, Certificate };

class Grant
{
public:
    Grant(std::string credentialId, std::string tenant, std::optional<Timestamp> expires,
          Permissions permissions, Source source = Source::Token);

    Source source() const { return m_source; }
    // Public, for logs and for asking the source again: a token's id, a certificate's serial.
    const std::string& credentialId() const { return m_credentialId; }
    // The identity proved. Credentials of the same name are of the same tenant, whatever their
    // source.
    const std::string& tenant() const { return m_tenant; }
    // The link must end then.
    const std::optional<Timestamp>& expires() const { return m_expires; }
    const Permissions& permissions() const { return m_permissions; }
    const Terms& terms() const { return m_terms; }
    void setTerms(Terms terms) { m_terms = std::move(terms); }

    // Allows no more than `first` does, whatever it says itself: a credential that is renewed on a
    // standing link must not widen what the link may do.
    void limitTo(const Grant& first);
    // Whether it says something that `first` does not allow (exactly: that is not written there).
    bool goesBeyond(const Grant& first) const;

    bool mayUseKind(config::TunnelKind kind) const;
    // A label under the relay's domain, in lower case.
    bool mayUseName(std::string_view name) const;
    // A host name outside the relay's domain, or a one-label wildcard, in lower case. Hosts inside
    // the domain are names: ask mayUseName() with their label.
    bool mayUseHostname(std::string_view hostname) const;
    bool mayUsePort(uint16_t port) const;

private:
    Source m_source;
    std::string m_credentialId;
    std::string m_tenant;
    std::optional<Timestamp> m_expires;
    Permissions m_permissions;
    Terms m_terms;
    std::shared_ptr<const Permissions> m_ceiling; // null: none
};

// "pr-*" against "pr-12". Linear in the text for each star; patterns are short.
bool globMatches(std::string_view pattern, std::string_view text);

} // namespace sallyport::auth
