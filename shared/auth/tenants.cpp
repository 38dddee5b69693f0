#include "list_file.h"
#include "list_reader.h"
#include "permission_fields.h"

#include <sallyport/auth/tenants.h>

#include <algorithm>
#include <set>
#include <utility>

namespace sallyport::auth {

namespace {

constexpr std::string_view explanation =
    "# What the holders of certificates may claim. May be edited; the relay notices.\n";

std::vector<std::string> identitiesOf(const Tenant& tenant)
{
    return tenant.identities.empty() ? std::vector<std::string>{tenant.name} : tenant.identities;
}

std::string itemText(const Tenant& tenant)
{
    // Quoted: a name like "no" or "1e3" must stay text.
    std::string text = "  - name: \"" + tenant.name + "\"\n";
    std::string identities;
    for (const std::string& identity : tenant.identities)
        identities += (identities.empty() ? "\"" : ", \"") + identity + "\"";
    if (!identities.empty())
        text += "    identities: [" + identities + "]\n";
    return text + permissionsText(tenant.permissions);
}

std::string wholeFile(const std::vector<Tenant>& tenants)
{
    std::string text(explanation);
    text += "tenants:\n";
    for (const Tenant& tenant : tenants)
        text += itemText(tenant);
    return text;
}

// Printable, and nothing that would end the quotes.
config::Codec<std::string> identityCodec()
{
    auto codec = config::plainText(256);
    codec.parse = [](std::string_view text) -> Result<std::string, std::string> {
        const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
            return c >= ' ' && c < 127 && c != '"' && c != '\\';
        });
        if (text.empty() || text.size() > 256 || !plain)
            return Failure(std::string("must be 1 to 256 printable characters without \" and \\"));
        return std::string(text);
    };
    return codec;
}

} // namespace

TenantSet::TenantSet(std::vector<Tenant> tenants) : m_tenants(std::move(tenants))
{
    for (size_t i = 0; i < m_tenants.size(); ++i)
        for (std::string& identity : identitiesOf(m_tenants[i]))
            m_identities.emplace(std::move(identity), i);
}

const Tenant* TenantSet::byIdentity(std::string_view identity) const
{
    const auto found = m_identities.find(std::string(identity));
    return found == m_identities.end() ? nullptr : &m_tenants[found->second];
}

const Tenant* TenantSet::byName(std::string_view name) const
{
    const auto found = std::find_if(m_tenants.begin(), m_tenants.end(),
                                    [&](const Tenant& tenant) { return tenant.name == name; });
    return found == m_tenants.end() ? nullptr : &*found;
}

Result<std::vector<Tenant>, config::Problems> parseTenants(std::string_view text,
                                                           const std::string& fileName)
{
    auto root = config::document::parse(text, fileName);
    if (!root)
        return Failure(root.error());
    ListReader reader(fileName, "tenants", TenantSet::MaxTenants);
    std::vector<Tenant> tenants;
    std::set<std::string> names;
    std::set<std::string> identities;
    reader.read(*root, [&](const config::Node& item, const std::string& path) {
        if (item.kind != config::Node::Kind::Map)
            return reader.complain(item.line, path, "", "must hold keys: name, hostnames, ...");
        Tenant tenant;
        config::Fields fields;
        fields.value("name", tenant.name, tenantCodec(), "");
        fields.list("identities", tenant.identities, identityCodec(), Tenant::MaxIdentities, "");
        declarePermissions(tenant.permissions, fields);
        reader.readKeys(fields, item, path);
        if (!item.find("name"))
            return reader.complain(item.line, path, "", "name is missing");
        if (!tenant.name.empty() && !names.insert(tenant.name).second)
            reader.complain(item.line, path + ".name", tenant.name,
                            "is the name of an earlier tenant too");
        for (const std::string& identity : identitiesOf(tenant))
            if (!identity.empty() && !identities.insert(identity).second)
                reader.complain(item.line, path, identity,
                                "is the identity of an earlier tenant too");
        tenants.push_back(std::move(tenant));
    });
    if (reader.problems().hasErrors())
        return Failure(reader.problems());
    return tenants;
}

Result<std::string, config::Problems> tenantsWith(std::string_view text, const Tenant& tenant)
{
    auto tenants = parseTenants(text, "tenants.yaml");
    if (!tenants)
        return Failure(tenants.error());
    std::optional<std::string> edited(text);
    const auto same = [&](const Tenant& other) { return other.name == tenant.name; };
    const auto old = std::find_if(tenants->begin(), tenants->end(), same);
    if (old != tenants->end()) {
        if (*old == tenant)
            return std::string(text);
        edited = withoutItem(*edited, size_t(old - tenants->begin()));
        tenants->erase(old);
    }
    tenants->push_back(tenant);
    if (edited && !text.empty())
        edited = withItem(*edited, "tenants", itemText(tenant));
    else
        edited.reset();
    // Comments are worth keeping, the meaning is worth more.
    if (edited)
        if (const auto read = parseTenants(*edited, ""); read && *read == *tenants)
            return *edited;
    std::string whole = wholeFile(*tenants);
    if (auto read = parseTenants(whole, "tenants.yaml"); !read)
        return Failure(read.error());
    return whole;
}

} // namespace sallyport::auth
