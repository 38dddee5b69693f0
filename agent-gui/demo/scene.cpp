#include "scene.h"

#include <algorithm>
#include <array>

namespace sallyport::gui::demo {

namespace {

using Link = Scene::Link;

// name, accounts, link, tunnels, long names, history, requests a second
const std::array Scenes{
    Scene{"lively", true, Link::Connected, 6, false, 240, 9},
    Scene{"empty", false, Link::Connecting, 0, false, 0, 0},
    Scene{"fresh", true, Link::Connected, 0, false, 0, 0},
    Scene{"connecting", true, Link::Connecting, 6, false, 0, 0},
    Scene{"problem", true, Link::Waiting, 6, false, 240, 0},
    Scene{"refused", true, Link::Refused, 6, false, 240, 0},
    Scene{"long-names", true, Link::Connected, 6, true, 240, 9},
    Scene{"many", true, Link::Connected, 300, false, 100'000, 60},
};

} // namespace

std::optional<Scene> Scene::named(const QString& name)
{
    const auto* found = std::find_if(Scenes.begin(), Scenes.end(),
                                     [&name](const Scene& scene) { return scene.name == name; });
    return found == Scenes.end() ? std::nullopt : std::optional(*found);
}

QStringList Scene::names()
{
    QStringList names;
    for (const Scene& scene : Scenes)
        names.append(scene.name);
    return names;
}

} // namespace sallyport::gui::demo
