// kinds, names, hostnames and ports, as every file of credentials spells them: read and written.
#pragma once

#include <sallyport/auth/grant.h>
#include <sallyport/auth/tenants.h>
#include <sallyport/base/result.h>
#include <sallyport/config/fields.h>

#include <string>
#include <string_view>

namespace sallyport::auth {

// Declares the four keys. The permissions must outlive the fields.
void declarePermissions(Permissions& permissions, config::Fields& fields);
// The lines of the four keys, indented by four.
std::string permissionsText(const Permissions& permissions);

// "pr-*": a name in which stars stand for any run of characters.
Result<std::string, std::string> parseNamePattern(std::string_view text);

// isTenantName()
config::Codec<std::string> tenantCodec();

} // namespace sallyport::auth
