#include <sallyport/config/tunnel_config.h>

#include <array>
#include <utility>

namespace sallyport::config {

std::string TunnelConfig::text() const
{
    return std::string(wire::kindText(kind)) + " " + upstream.text();
}

TunnelChanges compare(const Tunnels& before, const Tunnels& after)
{
    TunnelChanges changes;
    for (const auto& [label, tunnel] : after) {
        const auto old = before.find(label);
        if (old == before.end())
            changes.added.push_back(label);
        else if (!(old->second == tunnel))
            changes.changed.push_back(label);
    }
    for (const auto& [label, tunnel] : before)
        if (after.count(label) == 0)
            changes.removed.push_back(label);
    return changes;
}

} // namespace sallyport::config
