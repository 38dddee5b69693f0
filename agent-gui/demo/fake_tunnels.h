// The tunnels of a scene.
#pragma once

#include "fake_records.h"
#include "scene.h"

#include <sallyport/control/agent_control.h>

#include <string>
#include <vector>

namespace sallyport::gui::demo {

inline constexpr auto FakeDomain = "tunnel.example.com";

std::vector<control::TunnelView> fakeTunnels(const Scene& scene);
std::vector<FakeRecords::Tunnel> recordedTunnels(const std::vector<control::TunnelView>& tunnels);
// The address that the fake relay gives.
std::string fakeUrl(const std::string& ref, const config::TunnelConfig& tunnel);

} // namespace sallyport::gui::demo
