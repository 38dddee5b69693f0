// Who an agent is. Each scheme of `hello.auth` has a verifier, which turns what the agent shows
// into a grant, a refusal, or a question: a nonce that the agent must put into its next credential,
// or something that only the control thread can find out.
//
// Threads: verify() runs on the link's worker, on several at once; verifyLater() and recheck() on
// the control thread. None of them may block.
#pragma once

#include <sallyport/auth/grant.h>
#include <sallyport/auth/timestamp.h>
#include <sallyport/tls/certificate.h>
#include <sallyport/wire/messages.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sallyport::relay {

// What an agent shows, and where.
struct Proof
{
    wire::Auth auth;
    std::string peer; // its address, for the log
    // Shown in the link's TLS handshake, when the relay asked for one.
    std::optional<tls::Certificate> certificate;
    // What this link was last challenged with, and never before or elsewhere; empty: not
    // challenged. It counts for this one proof.
    std::string nonce;
};

// Good as far as it goes; it must be shown to be made for this link. The agent is challenged.
struct NonceWanted
{};
// verifyLater() knows.
struct LaterKnown
{};
using Verdict = std::variant<auth::Grant, wire::Refusal, NonceWanted, LaterKnown>;

class Verifier
{
public:
    using Done = std::function<void(Verdict)>;

    virtual ~Verifier() = default;
    virtual Verdict verify(const Proof& proof, auth::Timestamp now) const = 0;
    // After LaterKnown. `done` is called once, at once or later, on the control thread, and not
    // with LaterKnown again. The link's own deadline does not wait for it.
    virtual void verifyLater(Proof proof, Done done);
    // Whether a grant of this verifier's still stands: for links that are up.
    virtual std::optional<wire::Refusal> recheck(const auth::Grant& grant,
                                                 auth::Timestamp now) const = 0;
};

// The verifiers that the configuration asks for. Filled before the workers start, then constant;
// they must outlive it.
class Verifiers
{
public:
    void add(std::string scheme, auth::Source source, Verifier& verifier);
    // From now on no other scheme is taken.
    void takeOnly(std::string scheme) { m_only = std::move(scheme); }
    // Null when the relay does not take the scheme.
    Verifier* forScheme(std::string_view scheme) const;
    // Null when no such credential can be in use.
    Verifier* forSource(auth::Source source) const;

private:
    struct Entry
    {
        std::string scheme;
        auth::Source source;
        Verifier* verifier;
    };
    std::vector<Entry> m_entries;
    std::string m_only;
};

} // namespace sallyport::relay
