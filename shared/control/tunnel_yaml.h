// A tunnel as a tree of agent.yaml and back, and trees as YAML text. Internal.
#pragma once

#include <sallyport/config/document.h>
#include <sallyport/config/tunnel_config.h>

#include <optional>
#include <string>
#include <vector>

namespace sallyport::control {

// Only what differs from the defaults, in the order of the reference page.
config::Node tunnelToNode(const config::TunnelConfig& tunnel);
// Nothing when it holds something that a tunnel does not.
std::optional<config::TunnelConfig> tunnelFromNode(const config::Node& node);

// Whether both say the same, wherever and however they are written.
bool sameMeaning(const config::Node& a, const config::Node& b);

// "{http: 3000, name: api}".
std::string asFlow(const config::Node& node);
// `key: ...` in as many lines as it takes, indented by `indent` spaces, without line ends. One line
// where it is short and flat.
std::vector<std::string> asLines(const std::string& key, const config::Node& node, size_t indent);

} // namespace sallyport::control
