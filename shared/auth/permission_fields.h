// kinds, names, hostnames and ports, as every file of credentials spells them: read and written.
#pragma once

#include <sallyport/auth/grant.h>
#include <sallyport/auth/tenants.h>
#include <sallyport/config/fields.h>

#include <string>

namespace sallyport::auth {

// Declares the four keys. The permissions must outlive the fields.
void declarePermissions(Permissions& permissions, config::Fields& fields);
// The lines of the four keys, indented by four.
std::string permissionsText(const Permissions& permissions);

// isTenantName()
config::Codec<std::string> tenantCodec();

} // namespace sallyport::auth
