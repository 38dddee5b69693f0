#include "visitors/filters/visit_policy.h"

#include "visitors/filters/credential_filter.h"

#include <sodium.h>

#include <array>
#include <utility>

namespace sallyport::relay {

namespace {

using Networks = std::vector<config::Network>;

Result<Networks, std::string> networksOf(const std::vector<std::string>& texts, const char* key)
{
    Networks networks;
    for (const std::string& text : texts) {
        auto network = config::Network::parse(text);
        if (!network)
            return Failure(std::string(key) + " \"" + text + "\" " + network.error());
        networks.push_back(*network);
    }
    return networks;
}

// The first part that is not well formed, with its place.
std::optional<std::string> problemWith(const wire::AccessPolicy& access)
{
    const auto said = [](const std::string& place, const wire::Complaint& complaint) {
        return complaint ? std::optional(place + " " + *complaint) : std::nullopt;
    };
    if (auto problem = said("realm", wire::checkRealm(access.realm)))
        return problem;
    for (const wire::AccessUser& user : access.users) {
        if (auto problem = said("users", wire::checkUserName(user.name)))
            return problem;
        if (auto problem = said("users." + user.name, wire::checkPasswordHash(user.hash)))
            return problem;
    }
    for (const std::string& hash : access.tokenHashes)
        if (auto problem = said("token_hashes", wire::checkTokenHash(hash)))
            return problem;
    if (!access.tokenHeader.empty())
        if (auto problem = said("token_header", wire::checkTokenHeader(access.tokenHeader)))
            return problem;
    if (!access.tokenQuery.empty())
        if (auto problem = said("token_query", wire::checkTokenQuery(access.tokenQuery)))
            return problem;
    for (const std::string& pattern : access.except)
        if (auto problem = said("except \"" + pattern + "\"", wire::checkPathPattern(pattern)))
            return problem;
    const bool hasPlace = !access.tokenHeader.empty() || !access.tokenQuery.empty();
    if (access.tokenHashes.empty() == hasPlace)
        return "token_hashes need a token_header or a token_query, and the other way round";
    if (!access.except.empty() && access.users.empty() && access.tokenHashes.empty())
        return "except has a meaning beside users or tokens only";
    return std::nullopt;
}

std::string fingerprintOf(const wire::AccessPolicy& access, const std::string& tenant,
                          const std::string& tunnel)
{
    std::string all = tenant + '\0' + tunnel + '\0';
    for (const wire::AccessUser& user : access.users)
        all += user.name + '\0' + user.hash + '\0';
    for (const std::string& hash : access.tokenHashes)
        all += hash + '\0';
    std::array<unsigned char, 32> digest;
    crypto_generichash(digest.data(), digest.size(),
                       reinterpret_cast<const unsigned char*>(all.data()), all.size(), nullptr, 0);
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

} // namespace

Result<std::shared_ptr<const VisitPolicy>, std::string>
VisitPolicy::compile(const wire::AccessPolicy& access, bool http, std::string tenant,
                     std::string tunnel)
{
    using Ptr = std::shared_ptr<const VisitPolicy>;
    if (auto problem = problemWith(access))
        return Failure(std::move(*problem));
    const bool credentials = !access.users.empty() || !access.tokenHashes.empty();
    if (credentials && !http)
        return Failure(std::string("a tunnel of this kind can ask for networks only: the relay "
                                   "does not read what passes through it"));
    auto allow = networksOf(access.allow, "allow");
    auto deny = networksOf(access.deny, "deny");
    if (!allow || !deny)
        return Failure(!allow ? allow.error() : deny.error());
    if (access.empty())
        return Ptr();

    const std::shared_ptr<VisitPolicy> policy(new VisitPolicy);
    policy->m_fingerprint = fingerprintOf(access, tenant, tunnel);
    policy->m_tenant = std::move(tenant);
    policy->m_tunnel = std::move(tunnel);
    if (!access.allow.empty() || !access.deny.empty()) {
        auto networks = std::make_unique<NetworkFilter>(std::move(*allow), std::move(*deny));
        policy->m_networks = networks.get();
        policy->m_filters.push_back(std::move(networks));
        policy->m_summary.emplace_back("networks");
    }
    if (credentials) {
        const std::string& realm = access.realm.empty() ? policy->m_tunnel : access.realm;
        // A tunnel's ref may hold what a realm may not.
        policy->m_filters.push_back(std::make_unique<CredentialFilter>(
            access, wire::checkRealm(realm) ? std::string("tunnel") : realm));
        if (!access.users.empty())
            policy->m_summary.emplace_back("password");
        if (!access.tokenHashes.empty())
            policy->m_summary.emplace_back("token");
    }
    return Ptr(policy);
}

} // namespace sallyport::relay
