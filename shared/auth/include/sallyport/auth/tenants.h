// tenants.yaml: what the holders of certificates may claim, in a file that a person may edit.
//
//     tenants:
//       - name: alice                       # the tenant
//         identities: ["Alice Smith"]       # how certificates call it; without it: the name
//         kinds: [http, tcp]                # or any (default)
//         names: [api, "pr-*"]              # or any (default), none
//         hostnames: ["*.acme.org"]         # or any, none (default)
//         ports: 20000-20099                # or any (default), none
//
// Immutable: any number of threads may ask a set at once.
#pragma once

#include <sallyport/auth/grant.h>
#include <sallyport/base/result.h>
#include <sallyport/config/problem.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sallyport::auth {

// What a tenant may be called: 1 to 64 letters, digits, or . _ - @
bool isTenantName(std::string_view name);

struct Tenant
{
    static constexpr size_t MaxIdentities = 100;

    std::string name;
    std::vector<std::string> identities; // empty: the name
    Permissions permissions;

    bool operator==(const Tenant&) const = default;
};

class TenantSet
{
public:
    static constexpr size_t MaxTenants = 10'000;

    TenantSet() = default;
    explicit TenantSet(std::vector<Tenant> tenants);

    const std::vector<Tenant>& tenants() const { return m_tenants; }
    // Null when nobody is called so.
    const Tenant* byIdentity(std::string_view identity) const;
    const Tenant* byName(std::string_view name) const;

private:
    std::vector<Tenant> m_tenants;
    std::unordered_map<std::string, size_t> m_identities;
};

// Strict, with lines. An identity belongs to one tenant only.
Result<std::vector<Tenant>, config::Problems> parseTenants(std::string_view text,
                                                           const std::string& fileName);
// The file's text with this tenant instead of one of the same name, or one more; comments around
// the others stay.
Result<std::string, config::Problems> tenantsWith(std::string_view text, const Tenant& tenant);

} // namespace sallyport::auth
