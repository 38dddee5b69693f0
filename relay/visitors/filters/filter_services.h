// What filters may ask of the worker that they run on: the memory of credentials, the checking of
// passwords elsewhere, the slowing of those who guess. Everything returns at once.
//
// Threads: the worker's.
#pragma once

#include "visitors/filters/credential_memory.h"
#include "visitors/filters/filter.h"

#include <sallyport/base/secret.h>

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::relay {

class FilterServices
{
public:
    enum class Known {
        No,
        Right,   // checked a short time ago
        Wrong,   // the same
        Pending, // being checked: startCheck() joins those who wait
    };

    // Stands for a credential as shown to this policy. `kind` keeps passwords and tokens apart.
    virtual CredentialTag tagOf(const VisitPolicy& policy, std::string_view kind,
                                std::string_view credential) = 0;
    virtual Known known(const CredentialTag& tag, TimePoint now) = 0;
    // How long this visitor must wait before anything new of theirs is looked at.
    virtual std::optional<Duration> blockedFor(const Visit& visit) = 0;

    struct PasswordCheck
    {
        std::string hash;
        Secret password;
        bool unknownUser = false;
    };
    // The visit's waiter will hear verdictReady(). False: too many wait.
    virtual bool startCheck(Visit& visit, const CredentialTag& tag, PasswordCheck check) = 0;
    // For what a filter could tell by itself.
    virtual void settle(const Visit& visit, const CredentialTag& tag, bool right) = 0;

protected:
    ~FilterServices() = default;
};

} // namespace sallyport::relay
