// The `access` keys of a tunnel: who may visit it (docs/access.md). What they hold travels to the
// relay as it is.
#pragma once

#include <sallyport/config/fields.h>
#include <sallyport/config/loader.h>
#include <sallyport/wire/access.h>

#include <string>
#include <vector>

namespace sallyport::config {

void declareAccess(wire::AccessPolicy& access, Fields& fields);
// `path` is the tunnel's: "tunnels.web". `http`: whether the relay understands what passes.
void validateAccess(const wire::AccessPolicy& access, bool http, Loader& loader,
                    const std::string& path);

// "password", "token", "networks": what visitors meet, for lists and screens.
std::vector<std::string> accessSummary(const wire::AccessPolicy& access);

} // namespace sallyport::config
