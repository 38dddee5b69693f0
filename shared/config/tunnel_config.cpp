#include <sallyport/config/tunnel_config.h>

#include <array>
#include <utility>

namespace sallyport::config {

namespace {

constexpr std::array<std::pair<TunnelKind, std::string_view>, 4> kindNames{
    {{TunnelKind::Http, "http"},
     {TunnelKind::Tls, "tls"},
     {TunnelKind::Tcp, "tcp"},
     {TunnelKind::Udp, "udp"}}};

} // namespace

std::string_view toText(TunnelKind kind)
{
    for (const auto& [known, name] : kindNames)
        if (known == kind)
            return name;
    return "";
}

std::optional<TunnelKind> tunnelKindFromText(std::string_view text)
{
    for (const auto& [kind, name] : kindNames)
        if (name == text)
            return kind;
    return {};
}

std::string TunnelConfig::text() const
{
    return std::string(toText(kind)) + " " + upstream.text();
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
