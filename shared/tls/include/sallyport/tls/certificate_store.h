// The certificates of a listener that serves many names, as an immutable snapshot: which context a
// connection gets, by the name that its ClientHello asks for (SNI, RFC 6066 section 3).
//
// Look-up: the exact name; then the wildcard of its parent ("*.example.com" for
// "api.example.com", one label alone, RFC 6125 section 6.4.3); then the default. No hit at all
// means that the connection ends with the alert unrecognized_name.
//
// Threads: any, once made. Replacing a certificate means publishing another store; connections
// keep the context that they began with.
#pragma once

#include <sallyport/tls/context.h>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sallyport::tls {

class CertificateStore
{
public:
    using ContextPtr = std::shared_ptr<const Context>;

    // --- making it, before it is shared ---
    // A DNS name or "*.parent", in any case. The last one given for a name stays.
    void add(std::string_view name, ContextPtr context);
    // For names that nobody has, and for clients that send none.
    void setDefault(ContextPtr context) { m_default = std::move(context); }
    // Answers "acme-tls/1" (RFC 8737) for this name alone.
    void addChallenge(std::string_view name, ContextPtr context);

    // --- look-up: the name in any case, with or without a trailing dot; may be empty ---
    ContextPtr find(std::string_view serverName) const;
    ContextPtr findChallenge(std::string_view serverName) const;
    // Whether a certificate holds this name, the default not counted.
    bool holds(std::string_view serverName) const;
    bool empty() const { return m_names.empty() && !m_default; }
    size_t nameCount() const { return m_names.size(); }

private:
    struct Hash
    {
        using is_transparent = void;
        size_t operator()(std::string_view text) const
        {
            return std::hash<std::string_view>()(text);
        }
    };
    using Names = std::unordered_map<std::string, ContextPtr, Hash, std::equal_to<>>;
    const ContextPtr* findName(std::string_view serverName) const;

    Names m_names; // lower case, without trailing dots; wildcards as "*.parent"
    Names m_challenges;
    ContextPtr m_default;
};

} // namespace sallyport::tls
