#include "fake_tunnels.h"

#include <sallyport/wire/names.h>

#include <array>

namespace sallyport::gui::demo {

namespace {

using config::TunnelConfig;
using config::TunnelKind;
using control::TunnelView;

TunnelView tunnel(const std::string& ref, TunnelKind kind, uint16_t port)
{
    TunnelView view;
    view.status.ref = ref;
    view.status.config.kind = kind;
    view.status.config.upstream.endpoint = {"127.0.0.1", port};
    return view;
}

void open(TunnelView& view, uint64_t total)
{
    view.status.state = agent::TunnelState::Open;
    view.status.urls = {fakeUrl(view.status.ref, view.status.config)};
    view.status.counters = {total % 7, total, total * 1'210, total * 48'700, 0};
}

std::vector<TunnelView> usualTunnels()
{
    std::vector<TunnelView> tunnels{
        tunnel("api", TunnelKind::Http, 8080),  tunnel("blog", TunnelKind::Http, 4000),
        tunnel("docs", TunnelKind::Http, 8000), tunnel("shop", TunnelKind::Http, 3000),
        tunnel("ssh", TunnelKind::Tcp, 22),     tunnel("site", TunnelKind::Tls, 8443),
    };
    tunnels[0].status.config.hostname = "api.acme.example";
    tunnels[1].status.config.name = "blog";
    tunnels[1].status.config.access.users = {{"friend", "$argon2id$"}};
    tunnels[3].status.config.name = "shop";
    tunnels[4].status.config.remotePort = 2222;
    tunnels[4].status.config.access.allow = {"198.51.100.0/24"};
    tunnels[5].status.config.hostname = "www.acme.example";
    for (size_t i = 0; i < tunnels.size(); ++i)
        open(tunnels[i], 40 + 173 * i);
    tunnels[1].status.upstreamProblem = "127.0.0.1:4000: Connection refused";
    tunnels[1].status.upstreamCode = agent::ProblemCode::UpstreamRefused;
    tunnels[2].paused = true;
    tunnels[2].status.state = agent::TunnelState::Pending;
    tunnels[2].status.urls.clear();
    tunnels[5].status.state = agent::TunnelState::Refused;
    tunnels[5].status.urls.clear();
    tunnels[5].status.refusalCode = "hostname_not_allowed";
    tunnels[5].status.refusalText = "Your token does not allow the host name www.acme.example.";
    tunnels[5].status.refusalIsFinal = true;
    return tunnels;
}

void lengthen(std::vector<TunnelView>& tunnels)
{
    constexpr std::array labels{"customer-portal-of-the-northern-harbour-authority-staging-two",
                                "internationalisation-und-uebersetzungsverwaltung-vorschau",
                                "documentation-preview-for-the-release-of-next-september",
                                "a-shop-with-an-exceedingly-long-name-that-nobody-would-type",
                                "secure-shell-of-the-build-machine-in-the-basement-laboratory",
                                "grosshandelsbestellverwaltungsoberflaeche-testumgebung"};
    for (size_t i = 0; i < tunnels.size(); ++i) {
        auto& status = tunnels[i].status;
        status.ref = labels[i % labels.size()];
        status.config.hostname.reset();
        status.config.name = status.ref;
        status.config.upstream.endpoint.host =
            "workstation-of-the-design-department.internal.example";
        if (!status.urls.empty())
            status.urls = {fakeUrl(status.ref, status.config)};
    }
}

} // namespace

std::string fakeUrl(const std::string& ref, const TunnelConfig& tunnel)
{
    const std::string domain = FakeDomain;
    switch (tunnel.kind) {
    case TunnelKind::Http:
    case TunnelKind::Tls:
        if (tunnel.hostname)
            return "https://" + *tunnel.hostname;
        return "https://" + tunnel.name.value_or(wire::chooseName("demonstration", ref)) + "." +
               domain;
    case TunnelKind::Tcp:
        return "tcp://" + domain + ":" + std::to_string(tunnel.remotePort.value_or(20'417));
    case TunnelKind::Udp:
        return "udp://" + domain + ":" + std::to_string(tunnel.remotePort.value_or(20'418));
    }
    return {};
}

std::vector<TunnelView> fakeTunnels(const Scene& scene)
{
    std::vector<TunnelView> tunnels;
    if (scene.tunnels == 0)
        return tunnels;
    if (scene.tunnels <= 6)
        tunnels = usualTunnels();
    for (size_t i = tunnels.size(); i < scene.tunnels; ++i) {
        const std::string digits = std::to_string(1'000 + i).substr(1);
        tunnels.push_back(tunnel("service-" + digits, TunnelKind::Http, uint16_t(3'000 + i)));
        open(tunnels.back(), 17 * i);
    }
    if (scene.longNames)
        lengthen(tunnels);
    if (scene.link != Scene::Link::Connected)
        for (TunnelView& view : tunnels) {
            view.status.state = agent::TunnelState::Pending;
            view.status.urls.clear();
        }
    return tunnels;
}

std::vector<FakeRecords::Tunnel> recordedTunnels(const std::vector<TunnelView>& tunnels)
{
    std::vector<FakeRecords::Tunnel> recorded;
    for (const TunnelView& view : tunnels) {
        if (view.paused || view.status.state == agent::TunnelState::Refused)
            continue;
        const auto& config = view.status.config;
        const std::string url = fakeUrl(view.status.ref, config);
        recorded.push_back({view.status.ref, url.substr(url.find("://") + 3),
                            config.upstream.text(), config.kind == TunnelKind::Http});
    }
    return recorded;
}

} // namespace sallyport::gui::demo
