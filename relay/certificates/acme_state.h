// What visitors' paths must know of certificates that are being obtained. Immutable, published as
// SharedState::acme.
#pragma once

#include <sallyport/acme/challenge.h>
#include <sallyport/tls/certificate.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sallyport::relay {

struct AcmeState
{
    // A name without a certificate yet.
    struct Pending
    {
        tls::SystemTime since;                // it was wanted
        std::string error;                    // of the last try; empty while the first is under way
        std::optional<tls::SystemTime> retry; // the next
    };
    struct Hash
    {
        using is_transparent = void;
        size_t operator()(std::string_view text) const
        {
            return std::hash<std::string_view>()(text);
        }
    };
    template <typename T>
    using ByText = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

    ByText<std::string> answers; // HTTP-01: token to key authorization
    ByText<Pending> pending;     // by host name, lower case

    // Null unless the path is that of a challenge of ours.
    const std::string* answerTo(std::string_view path) const
    {
        if (answers.empty() || !path.starts_with(acme::HttpChallengePath))
            return nullptr;
        const auto found = answers.find(path.substr(acme::HttpChallengePath.size()));
        return found == answers.end() ? nullptr : &found->second;
    }
    const Pending* pendingFor(std::string_view host) const
    {
        const auto found = pending.find(host);
        return found == pending.end() ? nullptr : &found->second;
    }
};

} // namespace sallyport::relay
