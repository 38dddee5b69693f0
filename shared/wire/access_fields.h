// Reads the access policy. Private to this library.
#pragma once

#include "json_fields.h"

#include <sallyport/wire/access.h>

namespace sallyport::wire {

AccessPolicy readAccess(const Json& json, const std::string& path, Problem& problem);

} // namespace sallyport::wire
