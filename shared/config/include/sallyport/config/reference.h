// The reference page of all keys (docs/configuration.md), from the same tables that read them.
#pragma once

#include <sallyport/config/fields.h>

#include <string>

namespace sallyport::config {

// The whole page, for relay.yaml and agent.yaml.
std::string configurationReference();

// The tables of one file: key, default, environment variable, meaning.
std::string describe(const Fields& fields);

} // namespace sallyport::config
