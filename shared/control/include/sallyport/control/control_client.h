// Asks running agents over their control sockets. Blocks for a second at most for each: for
// commands.
#pragma once

#include <QJsonObject>

#include <optional>
#include <string>
#include <vector>

namespace sallyport::control {

std::optional<QJsonObject> askAgent(const std::string& socket, const QJsonObject& request);
// The answers to `status` of all that run; sockets that nobody serves any more are removed.
std::vector<QJsonObject> askAllAgents();

} // namespace sallyport::control
