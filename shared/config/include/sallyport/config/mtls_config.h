// auth.mtls of relay.yaml: whose certificates of agents the relay believes.
#pragma once

#include <sallyport/config/fields.h>
#include <sallyport/config/loader.h>

#include <string>

namespace sallyport::config {

struct MtlsConfig
{
    bool enabled = true;
    bool required = false; // no other credentials
    // An authority of somebody else's; empty: the relay's own, once there is one.
    std::string caFile;
    std::string crlFile;
    std::string tenantsFile;
    enum class Identity { Subject, San };
    Identity identity = Identity::Subject;

    bool isExternal() const { return !caFile.empty(); }

    void declare(Fields& fields);
    void validate(Loader& loader) const;
};

} // namespace sallyport::config
